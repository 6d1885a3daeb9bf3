// The pipeline with both stages in this process, no deadline and no rules but the query's: for
// evaluation, batch answers and benchmarks, which ask what the service would say.
//
// Const and thread-safe.
//
//   const LocalPipeline pipeline;
//   ASSIGN_OR_RETURN(Answer answer, pipeline.Run(bound));
#pragma once

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/clock.h"
#include "pipeline/answer.h"
#include "pipeline/arrangement.h"
#include "pipeline/bound_query.h"
#include "pipeline/configured_rules.h"
#include "pipeline/local_candidate_stage.h"
#include "pipeline/local_ranking_stage.h"
#include "pipeline/pipeline.h"

namespace shortlist {

class LocalPipeline {
 public:
  // `clock` is what the times of an answer are measured by.
  explicit LocalPipeline(Clock clock, std::span<const Rung> rungs = RungTable());
  LocalPipeline();
  // Answers by the first of the rungs.
  explicit LocalPipeline(std::span<const Rung> rungs);
  LocalPipeline(const LocalPipeline&) = delete;  // Its parts refer to one another.
  LocalPipeline& operator=(const LocalPipeline&) = delete;

  absl::StatusOr<Answer> Run(BoundQuery& query) const { return pipeline_.Run(query, budget_); }

  // The stages by themselves, for those who look at what is between them.
  absl::StatusOr<std::vector<Candidate>> Generate(BoundQuery& query) const;
  absl::StatusOr<Scores> Rank(BoundQuery& query, std::span<const Candidate> candidates,
                              bool liked = false) const {
    return ranking_.Rank(query, candidates, liked, budget_);
  }
  absl::StatusOr<std::vector<ShownCandidate>> Order(const BoundQuery& query,
                                                    std::span<const Candidate> candidates,
                                                    const Scores& scores,
                                                    const ReRankingRules& rules,
                                                    size_t count) const {
    Arrangement arrangement(rules_, rules);
    if (absl::Status status = arrangement.Bind(query.shared_bundle()); !status.ok()) return status;
    return arrangement.Order(candidates, scores, count);
  }

 private:
  const Clock clock_;
  const Budget budget_;
  const ConfiguredRules rules_;
  const LocalCandidateStage candidates_;
  const LocalRankingStage ranking_;
  const Pipeline pipeline_;
};

}  // namespace shortlist
