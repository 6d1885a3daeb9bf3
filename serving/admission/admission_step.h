// Refuses a call at its arrival that would wait too long for a thread, so that those that are let
// in are answered in time, and the others know at once and can go elsewhere.
//
// How long it would wait is an estimate (RequestWorkers::ExpectedWait). Calls that come while
// nothing is queued are always let in. A queue that comes and goes, as after a moment in which the
// machine stood still, is no reason to refuse a call that can wait; one that stands is (Nichols and
// Jacobson, Controlling Queue Delay, 2012).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "common/clock.h"
#include "serving/admission/refusals.h"
#include "serving/rpc/call_step.h"
#include "serving/rpc/request_workers.h"

namespace shortlist {

class AdmissionStep : public CallStep {
 public:
  struct Options {
    size_t max_queue = 1'024;  // Calls that may wait.
    // Beyond which a call is refused while the queue stands; otherwise it may be half of the time
    // in which its answer should be there, or of the budget: who would wait for longer makes others
    // wait who would not.
    absl::Duration max_wait = absl::InfiniteDuration();
    absl::Duration budget = absl::InfiniteDuration();
    // A queue stands that has not been empty for so long.
    absl::Duration standing = absl::Milliseconds(100);
    // Told of each refusal; null: nobody is.
    std::function<void(absl::Time now)> on_refusal = nullptr;
  };

  // `workers` are those that the calls run on; they, `clock` and `refusals` must outlive this.
  AdmissionStep(const RequestWorkers& workers, const Clock& clock, const Options& options,
                Refusals& refusals)
      : workers_(workers), clock_(clock), options_(options), refusals_(refusals) {}

  // RESOURCE_EXHAUSTED says how long the wait would have been and hints at when to try again. Comes
  // after the step that fixes the deadline.
  absl::Status OnArrival(Call& call) const override;

  // Calls that were let in, since the start.
  int64_t admitted() const { return admitted_.load(std::memory_order_relaxed); }

 private:
  absl::Status Refuse(Refusal reason, absl::Duration wait, const std::string& why) const;

  const RequestWorkers& workers_;
  const Clock& clock_;
  const Options options_;
  Refusals& refusals_;
  mutable std::atomic<int64_t> admitted_{0};
};

}  // namespace shortlist
