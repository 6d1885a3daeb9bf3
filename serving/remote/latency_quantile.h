// A quantile of how long calls took lately, without keeping them: each call moves the estimate a
// little, up if it took longer and down if not, so much that it comes to rest where the wanted
// share is below (stochastic approximation, Robbins and Monro 1951).
//
// Thread-safe, without waiting.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"

namespace shortlist {

class LatencyQuantile {
 public:
  // `quantile`: above 0, below 1. It begins at `first`.
  LatencyQuantile(double quantile, absl::Duration first)
      : quantile_(quantile), estimate_ns_(absl::ToDoubleNanoseconds(first)) {}

  absl::Duration value() const { return absl::Nanoseconds(estimate_ns_.load()); }
  void Add(absl::Duration took);

 private:
  const double quantile_;
  std::atomic<double> estimate_ns_;
};

}  // namespace shortlist
