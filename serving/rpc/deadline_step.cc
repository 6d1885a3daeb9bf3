#include "serving/rpc/deadline_step.h"

#include <algorithm>

namespace shortlist {

absl::Status DeadlineStep::OnArrival(Call& call) const {
  const bool has_deadline = call.deadline < absl::InfiniteFuture();
  call.deadline = std::min(call.deadline, call.arrival + timeout_);
  call.target = has_deadline ? call.deadline : std::min(call.deadline, call.arrival + budget_);
  return absl::OkStatus();
}

absl::Status DeadlineStep::OnBegin(const Call& call) const {
  if (clock_() >= call.deadline)
    return absl::DeadlineExceededError("the deadline passed while the request was queued");
  if (call.is_cancelled())
    return absl::CancelledError("the caller went while the request was queued");
  return absl::OkStatus();
}

}  // namespace shortlist
