// What a run of the load generator found, in figures.
#pragma once

#include <nlohmann/json.hpp>

#include "benchmarks/latency_sample.h"

namespace shortlist {

// Quantiles with 95 % intervals, errors by status, the server's stages, where the time of the
// median and of the P99 request went, the distribution, the course over time, and the generator's
// own lag. With `valid` false the generator was the bottleneck and `why_invalid` says how. Failed
// requests count in `requests` and `errors` only, in no quantile. `achieved`: the rate at which
// answers came during the measurement.
nlohmann::json LoadReport(const LoadRun& run);

}  // namespace shortlist
