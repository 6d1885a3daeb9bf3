// What a run of the load generator found of a service that is asked for more than it can do.
#pragma once

#include <nlohmann/json.hpp>

#include "benchmarks/latency_sample.h"

namespace shortlist {

// Of the requests that are measured:
// - `goodput`: answers a second that came within the deadline, counted from the intended time, were
//   made by both stages, and of at least 250 candidates.
// - `refused`: how many were answered with RESOURCE_EXHAUSTED, and quantiles of the time from being
//   sent to that.
// - `admitted`: all others, and quantiles of their latency, from the intended time. One that failed
//   counts as if it had taken forever; a quantile that is one of these is null.
// - `rungs`: answers by the rung that made them.
nlohmann::json OverloadReport(const LoadRun& run, double deadline_seconds);

}  // namespace shortlist
