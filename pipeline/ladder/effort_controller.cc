#include "pipeline/ladder/effort_controller.h"

#include <algorithm>

namespace shortlist {

void EffortController::OnRequest(absl::Duration took, absl::Duration budget, absl::Time now) {
  const std::unique_lock lock(mutex_);
  Count(now);
  if (took > std::max(budget, kLeastBudget) / 4) ++late_;
}

void EffortController::OnRefusal(absl::Time now) {
  const std::unique_lock lock(mutex_);
  Count(now);
  ++refused_;
}

void EffortController::Count(absl::Time now) {
  if (now >= window_end_) {
    EndWindow(now);
    window_end_ = now + kWindow;
    requests_ = late_ = refused_ = 0;
  }
  ++requests_;
}

void EffortController::EndWindow(absl::Time now) {
  const size_t steps = narrowing();
  if (requests_ >= kFewest && (2 * late_ > requests_ || 10 * refused_ > requests_)) {
    calm_since_ = absl::InfiniteFuture();
    if (steps == most_narrowing_) return;
    if (now - widened_ <= 4 * kWindow)
      pause_ = std::min(2 * pause_, kLongestPause);
    else if (now - widened_ > kLongestPause)
      pause_ = kFirstPause;
    narrowing_.store(steps + 1, std::memory_order_relaxed);
    return;
  }
  if (steps == 0) return;
  if (10 * (late_ + refused_) > requests_) {
    calm_since_ = absl::InfiniteFuture();
    return;
  }
  calm_since_ = std::min(calm_since_, now - kWindow);
  if (now - calm_since_ < pause_) return;
  narrowing_.store(steps - 1, std::memory_order_relaxed);
  widened_ = now;
  calm_since_ = absl::InfiniteFuture();
}

}  // namespace shortlist
