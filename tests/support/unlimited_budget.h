// A budget that no stage runs out of, by the system's clock.
#pragma once

#include "absl/time/clock.h"
#include "pipeline/budget.h"

namespace shortlist {

inline Budget UnlimitedBudget() {
  static const Clock clock = absl::Now;
  return Budget(clock, absl::InfiniteFuture());
}

}  // namespace shortlist
