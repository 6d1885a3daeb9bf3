// The two-stage pipeline: from a query to an answer. The one place that ties the stages together,
// for the service, batch answers, evaluation and benchmarks.
//
// An answer is made by the best rung of the degradation ladder that can make one: the rungs are
// tried in their order, the next when a stage could not be reached or did not answer in time.
//
// Const and thread-safe; refers to its parts, which must outlive it.
//
//   const Pipeline pipeline({.candidates = &candidates, .ranking = &ranking, .rules =
//   &configured}); ASSIGN_OR_RETURN(Answer answer, pipeline.Run(query, bundle, budget));
#pragma once

#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "pipeline/answer.h"
#include "pipeline/bound_query.h"
#include "pipeline/budget.h"
#include "pipeline/candidate_stage.h"
#include "pipeline/configured_rules.h"
#include "pipeline/query.h"
#include "pipeline/ranking_stage.h"
#include "pipeline/rung.h"

namespace shortlist {

class Pipeline {
 public:
  // `rungs`: best first; by default all that there are.
  explicit Pipeline(const PipelineParts& parts, std::span<const Rung> rungs = RungTable())
      : parts_(parts), rungs_(rungs) {}

  // Answers from `bundle`, or from the one that a stage in another process chose. Errors are those
  // of the first rung: INVALID_ARGUMENT names the field that does not fit the bundle.
  absl::StatusOr<Answer> Run(const Query& query, std::shared_ptr<const Bundle> bundle,
                             const Budget& budget) const;
  absl::StatusOr<Answer> Run(BoundQuery& query, const Budget& budget) const;

  const PipelineParts& parts() const { return parts_; }

 private:
  PipelineParts parts_;
  std::span<const Rung> rungs_;
};

}  // namespace shortlist
