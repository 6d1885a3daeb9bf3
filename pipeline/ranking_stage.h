// Stage two: a score for every candidate, and why. In this process, or behind a network.
// Thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "features/candidate.h"
#include "pipeline/bound_query.h"
#include "pipeline/budget.h"
#include "ranking/logistic_ranker.h"

namespace shortlist {

// Log-odds, one per candidate, in their order. The bundle's heads have the probabilities.
struct Scores {
  std::vector<float> ranker;
  std::vector<float> liked;  // Of the head for liked items; empty where it was not asked for.
};

// A candidate whose score is to be explained: its position, and the scores that it has.
struct CandidateToExplain {
  size_t position = 0;
  float score = 0;
  std::optional<float> liked_score;  // To explain that, too.
};

// What made the scores of a candidate: largest magnitude first, see LogisticRanker::Explain.
struct Explanation {
  std::vector<FeatureContribution> contributions;
  std::vector<FeatureContribution> liked_contributions;
};

class RankingStage {
 public:
  virtual ~RankingStage() = default;

  // Scores the candidates, which are rows of the query's bundle in stage one's order (a feature).
  // With `liked`, by the head for liked items as well; FAILED_PRECONDITION where there is none.
  virtual absl::StatusOr<Scores> Rank(BoundQuery& query, std::span<const Candidate> candidates,
                                      bool liked, const Budget& budget) const = 0;

  // One explanation for each of `wanted`, in their order; `candidates` are those that were ranked.
  virtual absl::StatusOr<std::vector<Explanation>> Explain(
      BoundQuery& query, std::span<const Candidate> candidates,
      std::span<const CandidateToExplain> wanted, const Budget& budget) const = 0;
};

}  // namespace shortlist
