// The feature spec as protobuf text (proto/shortlist/v1/feature_spec.proto): what people read and
// edit.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "features/feature_spec.h"

namespace shortlist {

std::string FormatFeatureSpec(const FeatureSpec& spec);

// `file` is named in errors, with the line.
absl::StatusOr<FeatureSpec> ParseFeatureSpec(std::string_view text, const std::string& file);

}  // namespace shortlist
