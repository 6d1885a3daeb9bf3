#include "serving/rpc/in_flight_step.h"

#include <chrono>

namespace shortlist {

absl::Status InFlightStep::OnArrival(Call& /*call*/) const {
  ++calls_;
  return absl::OkStatus();
}

void InFlightStep::OnEnd(const Call& /*call*/, const absl::Status& /*status*/) const {
  if (--calls_ > 0 || !awaited_) return;
  std::lock_guard lock(mutex_);
  none_.notify_all();
}

bool InFlightStep::WaitUntilNone(absl::Duration timeout) const {
  std::unique_lock lock(mutex_);
  awaited_ = true;
  return none_.wait_for(lock, absl::ToChronoNanoseconds(timeout), [this] { return calls_ == 0; });
}

}  // namespace shortlist
