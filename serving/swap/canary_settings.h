// What a bundle must hold to be served, as the configuration says (proto/shortlist/v1/config.proto,
// CanaryConfig).
#pragma once

#include <cstddef>

#include "absl/status/statusor.h"
#include "shortlist/v1/config.pb.h"

namespace shortlist {

struct CanarySettings {
  size_t requests = 64;
  double min_recall = 0.9;
  double min_overlap = 0.05;
  double min_agreement = 0.55;
  double max_probability_ratio = 10;
  double max_latency_ratio = 3;
};

// Defaults filled in. INVALID_ARGUMENT names the field that is out of range
// ("swap.canary.min_recall").
absl::StatusOr<CanarySettings> CanarySettingsOf(const v1::CanaryConfig& config);

}  // namespace shortlist
