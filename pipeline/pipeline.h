// The two-stage pipeline: from a query to an answer. The one place that ties the stages together,
// for the service, batch answers, evaluation and benchmarks.
//
// An answer is made by the best rung of the degradation ladder (rung.h) that can be had in time:
// chosen at first by what is known of the stages (rung_choice.h), and again when one of them has
// failed, which another then goes on without.
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
#include "pipeline/ladder/rung.h"
#include "pipeline/pipeline_parts.h"
#include "pipeline/query.h"

namespace shortlist {

class Pipeline {
 public:
  // `rungs`: best first; by default all that there are. Without degradation the first is the only
  // one.
  explicit Pipeline(const PipelineParts& parts, std::span<const Rung> rungs = RungTable())
      : parts_(parts), rungs_(rungs) {}

  // Which stages may be asked at all.
  struct Stages {
    bool candidates = true;
    bool ranking = true;
  };

  // Answers from `bundle`, or from the one that a stage in another process chose. Errors:
  // INVALID_ARGUMENT names the field that does not fit the bundle; DEADLINE_EXCEEDED or CANCELLED,
  // nobody waits any more; FAILED_PRECONDITION, a stage does not have the bundle. Others are of a
  // stage, and there only where no rung does without it.
  absl::StatusOr<Answer> Run(const Query& query, std::shared_ptr<const Bundle> bundle,
                             const Budget& budget) const {
    return Run(query, std::move(bundle), budget, Stages());
  }
  absl::StatusOr<Answer> Run(const Query& query, std::shared_ptr<const Bundle> bundle,
                             const Budget& budget, Stages stages) const;
  absl::StatusOr<Answer> Run(BoundQuery& query, const Budget& budget) const {
    return Run(query, budget, Stages());
  }
  absl::StatusOr<Answer> Run(BoundQuery& query, const Budget& budget, Stages stages) const;

  const PipelineParts& parts() const { return parts_; }

 private:
  PipelineParts parts_;
  std::span<const Rung> rungs_;
};

}  // namespace shortlist
