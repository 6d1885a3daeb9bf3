// A request from beginning to end: read the user's state, have candidates generated, have them
// ranked, cut to what was asked for. Plain code that needs no server; the stages may be in this
// process or in others.
//
// Const and thread-safe; refers to its parts, which must outlive it.
//
//   Recommender recommender({.bundles = &bundles, .states = &states, .candidates = &candidates,
//                            .ranking = &ranking, .re_ranking = &rules, .clock = absl::Now});
//   RETURN_IF_ERROR(recommender.Recommend(request, deadline, response));
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "model/bundle_registry.h"
#include "serving/candidate_stage.h"
#include "serving/ranking_stage.h"
#include "serving/requests/configured_re_ranking.h"
#include "serving/requests/re_ranking.h"
#include "shortlist/v1/recommender.pb.h"
#include "state/user_state_store.h"

namespace shortlist {

class Recommender {
 public:
  struct Parts {
    const BundleRegistry* bundles;
    const UserStateStore* states;
    const CandidateStage* candidates;
    const RankingStage* ranking;
    const ConfiguredReRanking* re_ranking;
    Clock clock;
  };
  explicit Recommender(Parts parts) : parts_(std::move(parts)) {}

  // Fills in `response`, which is empty. Errors are those of recommender.proto.
  absl::Status Recommend(const v1::RecommendRequest& request, absl::Time deadline,
                         v1::RecommendResponse& response) const;
  absl::Status SimilarItems(const v1::SimilarItemsRequest& request,
                            v1::SimilarItemsResponse& response) const;

 private:
  absl::Status ReadUser(const v1::RecommendRequest& request, const Bundle& bundle,
                        v1::UserState& user) const;
  // The candidates to show, first place first, explained if that is asked for and not done yet.
  absl::StatusOr<std::vector<ShownCandidate>> Arrange(const ReRanking& rules, bool explain,
                                                      size_t count, const StageCall& call,
                                                      v1::RankRequest& rank,
                                                      v1::RankResponse& ranked) const;
  // DEADLINE_EXCEEDED says after what.
  absl::Status CheckDeadline(const StageCall& call, const char* after) const;

  Parts parts_;
};

}  // namespace shortlist
