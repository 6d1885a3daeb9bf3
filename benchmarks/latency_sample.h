// One request as the load generator saw it, a run of many, and exact quantiles of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace shortlist {

// Parts of a server's answer time, as in StageTimings.
inline constexpr std::array kStages = {"queue", "state", "candidates", "ranking", "assembly"};

struct LatencySample {
  // Nanoseconds from the start of the run. Latency counts from `intended`: a request that had to
  // wait to be sent waited, too.
  int64_t intended = 0, sent = 0, received = 0;
  int status = 0;  // grpc::StatusCode.
  int candidates = 0;
  int rung = 0;  // Of the answer: v1::Rung.
  size_t response_bytes = 0;
  std::array<int32_t, kStages.size()> stage_us{};
  int32_t total_us = 0;

  int64_t latency() const { return received - intended; }
};

struct LoadRun {
  // Of the requests that are measured, in order of intended time.
  std::vector<LatencySample> samples;
  // The length of the measurement, and the answers that came within it, failures apart. Those to
  // requests of the warm-up count, those that came later do not: they are what the server spent its
  // processor time on meanwhile, however many requests were waiting when it began and ended.
  double seconds = 0;
  size_t answered = 0;
  // What the server, or gRPC, said of the first request that failed, also in the warm-up.
  std::string first_failure;
};

// The smallest value that at least the share q of the ascending values does not exceed. There is at
// least one value.
int64_t Quantile(std::span<const int64_t> ascending, double q);

struct Interval {
  double low, high;
};

// 95 % confidence intervals of the latency quantiles `qs` by a bootstrap over `blocks` equal
// stretches of time: what is close in time is not independent, so that resampling single requests
// would give intervals that are too narrow. Samples in order of intended time.
std::vector<Interval> BootstrapQuantiles(std::span<const LatencySample> samples,
                                         std::span<const double> qs, size_t blocks = 50,
                                         size_t resamples = 200, uint64_t seed = 1);

}  // namespace shortlist
