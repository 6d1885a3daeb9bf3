#include "serving/swap/canary_settings.h"

#include <cmath>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

constexpr int kMostRequests = 1'000;

// 0 stands for the default, which `setting` holds.
absl::Status Read(std::string_view name, double value, double least, double most, double& setting) {
  if (value == 0) return absl::OkStatus();
  const FieldPath swap{nullptr, "swap"}, canary{&swap, "canary"};
  if (!(value >= least && value <= most))
    return Invalid({&canary, name}, absl::StrCat("must be from ", least, " to ", most));
  setting = value;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CanarySettings> CanarySettingsOf(const v1::CanaryConfig& config) {
  CanarySettings settings;
  auto requests = static_cast<double>(settings.requests);
  RETURN_IF_ERROR(Read("requests", config.requests(), 1, kMostRequests, requests));
  settings.requests = static_cast<size_t>(requests);
  RETURN_IF_ERROR(Read("min_recall", config.min_recall(), 0, 1, settings.min_recall));
  RETURN_IF_ERROR(Read("min_overlap", config.min_overlap(), -1, 1, settings.min_overlap));
  RETURN_IF_ERROR(Read("min_agreement", config.min_agreement(), 0, 1, settings.min_agreement));
  RETURN_IF_ERROR(Read("max_probability_ratio", config.max_probability_ratio(), 1, INFINITY,
                       settings.max_probability_ratio));
  RETURN_IF_ERROR(Read("max_latency_ratio", config.max_latency_ratio(), 1, INFINITY,
                       settings.max_latency_ratio));
  return settings;
}

}  // namespace shortlist
