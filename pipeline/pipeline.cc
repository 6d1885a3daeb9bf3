#include "pipeline/pipeline.h"

#include <utility>

#include "common/status_macros.h"

namespace shortlist {
namespace {

// Whether a lower rung may still answer: what went wrong is a stage, not the request.
bool IsOfAStage(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kDeadlineExceeded;
}

}  // namespace

absl::StatusOr<Answer> Pipeline::Run(const Query& query, std::shared_ptr<const Bundle> bundle,
                                     const Budget& budget) const {
  BoundQuery bound(query, std::move(bundle));
  return Run(bound, budget);
}

absl::StatusOr<Answer> Pipeline::Run(BoundQuery& query, const Budget& budget) const {
  absl::Status first_error;
  for (const Rung& rung : rungs_) {
    absl::StatusOr<Answer> answer = rung.answer(parts_, query, budget);
    if (answer.ok()) {
      answer->rung = rung.id;
      return answer;
    }
    first_error.Update(answer.status());
    if (!IsOfAStage(answer.status())) break;
  }
  return first_error;
}

}  // namespace shortlist
