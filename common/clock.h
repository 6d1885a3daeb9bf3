// What time it is: absl::Now in the program, a fixed time in a test.
#pragma once

#include <functional>

#include "absl/time/time.h"

namespace shortlist {

using Clock = std::function<absl::Time()>;

}  // namespace shortlist
