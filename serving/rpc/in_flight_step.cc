#include "serving/rpc/in_flight_step.h"

#include <algorithm>
#include <chrono>

#include "absl/time/clock.h"

namespace shortlist {

absl::Status InFlightStep::OnArrival(Call& /*call*/) const {
  arrivals_.fetch_add(1, std::memory_order_relaxed);
  ++calls_;
  return absl::OkStatus();
}

void InFlightStep::OnEnd(const Call& /*call*/, const absl::Status& /*status*/) const {
  if (--calls_ > 0 || !awaited_) return;
  std::lock_guard lock(mutex_);
  none_.notify_all();
}

void InFlightStep::WaitUntilQuiet(absl::Duration quiet, absl::Duration timeout) const {
  const absl::Time end = absl::Now() + timeout;
  int64_t before = -1;
  while (absl::Now() < end) {
    const int64_t arrivals = arrivals_.load();
    if (arrivals == before) return;
    before = arrivals;
    absl::SleepFor(std::min(quiet, end - absl::Now()));
  }
}

bool InFlightStep::WaitUntilNone(absl::Duration timeout) const {
  std::unique_lock lock(mutex_);
  awaited_ = true;
  return none_.wait_for(lock, absl::ToChronoNanoseconds(timeout), [this] { return calls_ == 0; });
}

}  // namespace shortlist
