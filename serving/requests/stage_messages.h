// Between what passes from stage to stage in one process and the messages that stages in different
// processes send one another (candidate_generation.proto, ranking.proto). What another process
// answers is not trusted to be well-formed: errors are INTERNAL.
#pragma once

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/bundle_registry.h"
#include "pipeline/candidate_stage.h"
#include "pipeline/ranking_stage.h"
#include "shortlist/v1/candidate_generation.pb.h"
#include "shortlist/v1/feature_log.pb.h"
#include "shortlist/v1/ranking.pb.h"

namespace shortlist {

// Stage one: the question.
void ToMessage(const BoundQuery& query, v1::GenerateCandidatesRequest& message);
// Without pinned items, which are the bound query's.
Query FromMessage(const v1::GenerateCandidatesRequest& message);
void ToMessage(const SimilarItemsQuery& query, const Bundle& bundle,
               v1::FindSimilarItemsRequest& message);
SimilarItemsQuery FromMessage(const v1::FindSimilarItemsRequest& message);

// Stage one: the answer. FAILED_PRECONDITION for candidates of a bundle that is not loaded here.
void ToMessage(const CandidateList& list, bool include_item_ids,
               v1::GenerateCandidatesResponse& message);
absl::StatusOr<CandidateList> FromMessage(const v1::GenerateCandidatesResponse& message,
                                          const BundleRegistry& bundles);

// Stage two: the question, whose query has nothing but user and context.
void ToMessage(const BoundQuery& query, std::span<const Candidate> candidates,
               v1::RankRequest& message);
void ToMessage(std::span<const CandidateToExplain> wanted, v1::RankRequest& message);
Query FromMessage(const v1::RankRequest& message);
// INVALID_ARGUMENT names a row that the bundle does not have.
absl::StatusOr<std::vector<Candidate>> CandidatesOf(const v1::RankRequest& message,
                                                    const Bundle& bundle);

// Stage two: the answer, of `count` candidates, or explanations of `wanted`.
absl::StatusOr<Scores> FromMessage(const v1::RankResponse& message, size_t count, bool liked);
absl::StatusOr<std::vector<Explanation>> FromMessage(const v1::RankResponse& message,
                                                     std::span<const CandidateToExplain> wanted);

}  // namespace shortlist
