#include "serving/remote/latency_quantile.h"

namespace shortlist {
namespace {

// A share of the estimate: with it, a change of the calls is followed within some hundreds of them.
constexpr double kStep = 0.02;

}  // namespace

void LatencyQuantile::Add(absl::Duration took) {
  const double estimate = estimate_ns_.load(std::memory_order_relaxed);
  const double move = absl::ToDoubleNanoseconds(took) > estimate ? quantile_ : quantile_ - 1;
  // Racing calls may undo each other's step, which matters to nobody.
  estimate_ns_.store(estimate * (1 + kStep * move), std::memory_order_relaxed);
}

}  // namespace shortlist
