// Cells that list what was shown at once and what of it was taken, as MIND has them:
// "N55689-1 N35729-0".
#pragma once

#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace shortlist {

// Calls `use` with the id of each item and its label, "0" or "1", and stops at its first error. An
// item without a label is an error.
absl::Status ForEachImpression(
    std::string_view cell,
    absl::FunctionRef<absl::Status(std::string_view item, std::string_view label)> use);

}  // namespace shortlist
