// What a run of the load generator found, in figures.
#pragma once

#include <nlohmann/json.hpp>
#include <span>

#include "benchmarks/latency_sample.h"

namespace shortlist {

// Quantiles with 95 % intervals, errors by status, the server's stages, where the time of the
// median and of the P99 request went, the distribution, the course over time, and the generator's
// own lag. With `valid` false the generator was the bottleneck and `why_invalid` says how.
// `seconds`: length of the measurement. Samples in order of intended time; failed requests count in
// `requests` and `errors` only, not in `achieved`, the rate of answers, nor in any quantile.
nlohmann::json LoadReport(std::span<const LatencySample> samples, double seconds);

}  // namespace shortlist
