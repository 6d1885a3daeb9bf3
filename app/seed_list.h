// Several seeds in one flag.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace shortlist {

// "1..5" or "1,2,7": at least two different seeds, at most 100. INVALID_ARGUMENT says what is
// wrong.
absl::StatusOr<std::vector<uint64_t>> ParseSeeds(std::string_view text);

}  // namespace shortlist
