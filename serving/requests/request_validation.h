// What can be said of a request without a model: every field is in its range, as the .proto files
// document them. INVALID_ARGUMENT names the first field that is not. What needs a bundle (does the
// model know the attribute?) is checked where the bundle is at hand.
#pragma once

#include "absl/status/status.h"
#include "shortlist/v1/candidate_generation.pb.h"
#include "shortlist/v1/catalog.pb.h"
#include "shortlist/v1/ranking.pb.h"
#include "shortlist/v1/recommender.pb.h"
#include "shortlist/v1/users.pb.h"

namespace shortlist {

inline constexpr int kDefaultPageSize = 100;
inline constexpr int kMaxPageSize = 1'000;
inline constexpr int kMaxChangedItems = 1'000;  // Of one request.
inline constexpr size_t kMaxTitleBytes = 4'096;
inline constexpr int kMaxShownInteractions = 1'000;  // GetUserRequest.count.

// The bounds are those of pipeline/query.h and features/user_state.h.

// The field re_ranking of a request or of the configuration.
absl::Status Validate(const v1::ReRanking& rules);
absl::Status Validate(const v1::RecommendRequest& request);
absl::Status Validate(const v1::SimilarItemsRequest& request);
absl::Status Validate(const v1::GenerateCandidatesRequest& request);
absl::Status Validate(const v1::FindSimilarItemsRequest& request);
absl::Status Validate(const v1::RankRequest& request);
absl::Status Validate(const v1::GetItemRequest& request);
absl::Status Validate(const v1::ListItemsRequest& request);
absl::Status Validate(const v1::UpsertItemsRequest& request);
absl::Status Validate(const v1::DeleteItemsRequest& request);
absl::Status Validate(const v1::HideItemsRequest& request);
absl::Status Validate(const v1::ListChangesRequest& request);
absl::Status Validate(const v1::UpsertUserRequest& request);
absl::Status Validate(const v1::GetUserRequest& request);
absl::Status Validate(const v1::DeleteUserRequest& request);

}  // namespace shortlist
