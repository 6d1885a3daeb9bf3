// The budget of a call, for the pipeline.
#pragma once

#include "common/clock.h"
#include "pipeline/budget.h"
#include "serving/rpc/call_step.h"

namespace shortlist {

// Refers to both.
inline Budget BudgetOf(const Call& call, const Clock& clock) {
  return {clock,
          {.begin = call.arrival,
           .target = call.target,
           .deadline = call.deadline,
           .is_cancelled = call.is_cancelled ? &call.is_cancelled : nullptr}};
}

}  // namespace shortlist
