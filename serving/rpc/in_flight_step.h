// Counts the calls that are under way, so that a server that stops knows when the last one has its
// answer.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "absl/time/time.h"
#include "serving/rpc/call_step.h"

namespace shortlist {

class InFlightStep : public CallStep {
 public:
  absl::Status OnArrival(Call& call) const override;
  void OnEnd(const Call& call, const absl::Status& status) const override;

  // Until no call has arrived for as long as `quiet`, or `timeout` has passed.
  void WaitUntilQuiet(absl::Duration quiet, absl::Duration timeout) const;
  // Until no call is under way, or `timeout` has passed: whether none is.
  bool WaitUntilNone(absl::Duration timeout) const;

 private:
  mutable std::atomic<int64_t> arrivals_{0};
  mutable std::atomic<int64_t> calls_{0};
  mutable std::atomic<bool> awaited_{false};
  mutable std::mutex mutex_;
  mutable std::condition_variable none_;
};

}  // namespace shortlist
