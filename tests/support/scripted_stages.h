// Stages that do what a test says, by default what the local ones do, and keep what they were
// asked.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "pipeline/local_candidate_stage.h"
#include "pipeline/local_ranking_stage.h"

namespace shortlist {

class ScriptedCandidateStage : public CandidateStage {
 public:
  std::function<absl::StatusOr<CandidateList>(BoundQuery&, const Budget&)> script;
  mutable Query last_query;

  absl::StatusOr<CandidateList> Generate(BoundQuery& query, const Budget& budget) const override {
    last_query = query.query();
    return script ? script(query, budget) : LocalCandidateStage().Generate(query, budget);
  }
  absl::StatusOr<CandidateList> FindSimilar(const SimilarItemsQuery& query,
                                            const std::shared_ptr<const Bundle>& bundle,
                                            const Budget& budget) const override {
    return LocalCandidateStage().FindSimilar(query, bundle, budget);
  }
};

class ScriptedRankingStage : public RankingStage {
 public:
  std::function<absl::StatusOr<Scores>(BoundQuery&, std::span<const Candidate>, bool liked,
                                       const Budget&)>
      script;
  absl::Status explain_status;  // What Explain fails with.
  mutable int calls = 0;
  mutable Query last_query;
  mutable std::vector<Candidate> last_candidates;
  mutable bool last_liked = false;

  absl::StatusOr<Scores> Rank(BoundQuery& query, std::span<const Candidate> candidates, bool liked,
                              const Budget& budget) const override {
    ++calls;
    last_query = query.query();
    last_candidates.assign(candidates.begin(), candidates.end());
    last_liked = liked;
    return script ? script(query, candidates, liked, budget)
                  : LocalRankingStage().Rank(query, candidates, liked, budget);
  }
  absl::StatusOr<std::vector<Explanation>> Explain(BoundQuery& query,
                                                   std::span<const Candidate> candidates,
                                                   std::span<const CandidateToExplain> wanted,
                                                   const Budget& budget) const override {
    if (!explain_status.ok()) return explain_status;
    return LocalRankingStage().Explain(query, candidates, wanted, budget);
  }
};

}  // namespace shortlist
