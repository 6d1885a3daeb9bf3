#include "serving/admission/admission_step.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "serving/rpc/retry_hint.h"

namespace shortlist {
namespace {

std::string Rounded(absl::Duration duration) {
  return absl::FormatDuration(absl::Ceil(duration, absl::Microseconds(100)));
}

}  // namespace

absl::Status AdmissionStep::OnArrival(Call& call) const {
  if (const size_t queued = workers_.queued(); queued > 0) {
    const absl::Duration wait = workers_.ExpectedWait();
    if (queued >= options_.max_queue)
      return Refuse(Refusal::kQueueFull, wait,
                    absl::StrCat("as many calls are queued as may be: ", queued));
    const bool stands = call.arrival - workers_.queued_since() >= options_.standing;
    const absl::Duration patience = std::min(call.target - call.arrival, options_.budget) / 2;
    const absl::Duration longest =
        stands ? options_.max_wait : std::max(options_.max_wait, patience);
    if (wait > longest)
      return Refuse(Refusal::kLongestWait, wait,
                    absl::StrCat("the longest that is let in is ", Rounded(longest)));
    if (call.arrival + wait + workers_.task_time() > call.deadline)
      return Refuse(Refusal::kDeadline, wait,
                    absl::StrCat("its deadline is in ", Rounded(call.deadline - call.arrival)));
  }
  admitted_.fetch_add(1, std::memory_order_relaxed);
  return absl::OkStatus();
}

absl::Status AdmissionStep::Refuse(Refusal reason, absl::Duration wait,
                                   const std::string& why) const {
  const absl::Time now = clock_();
  refusals_.Count(reason, now);
  if (options_.on_refusal) options_.on_refusal(now);
  return WithRetryHint(
      absl::ResourceExhaustedError(
          absl::StrCat("overloaded: the call would wait ", Rounded(wait), " for a thread; ", why)),
      wait);
}

}  // namespace shortlist
