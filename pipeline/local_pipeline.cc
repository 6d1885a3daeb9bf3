#include "pipeline/local_pipeline.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/status_macros.h"

namespace shortlist {

LocalPipeline::LocalPipeline(Clock clock, std::span<const Rung> rungs)
    : clock_(std::move(clock)),
      budget_(clock_, absl::InfiniteFuture()),
      pipeline_({.candidates = &candidates_, .ranking = &ranking_, .rules = &rules_}, rungs) {}

LocalPipeline::LocalPipeline() : LocalPipeline(absl::Now) {}

LocalPipeline::LocalPipeline(std::span<const Rung> rungs) : LocalPipeline(absl::Now, rungs) {}

absl::StatusOr<std::vector<Candidate>> LocalPipeline::Generate(BoundQuery& query) const {
  ASSIGN_OR_RETURN(CandidateList list, candidates_.Generate(query, budget_));
  return std::move(list.candidates);
}

}  // namespace shortlist
