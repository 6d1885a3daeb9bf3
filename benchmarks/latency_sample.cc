#include "benchmarks/latency_sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace shortlist {
namespace {

size_t Rank(size_t count, double q) {
  const auto rank = static_cast<size_t>(std::ceil(q * static_cast<double>(count)));
  return std::clamp<size_t>(rank, 1, count) - 1;
}

}  // namespace

int64_t Quantile(std::span<const int64_t> ascending, double q) {
  return ascending[Rank(ascending.size(), q)];
}

std::vector<Interval> BootstrapQuantiles(std::span<const LatencySample> samples,
                                         std::span<const double> qs, size_t blocks,
                                         size_t resamples, uint64_t seed) {
  if (samples.empty()) return std::vector<Interval>(qs.size());
  const int64_t first = samples.front().intended;
  const int64_t span = samples.back().intended - first + 1;
  std::vector<uint32_t> order(samples.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](uint32_t i) { return samples[i].latency(); });
  std::vector<size_t> block_of;
  for (uint32_t i : order)
    block_of.push_back(
        static_cast<size_t>((samples[i].intended - first) * static_cast<int64_t>(blocks) / span));
  std::vector<size_t> sizes(blocks, 0);
  for (size_t block : block_of) ++sizes[block];

  std::mt19937_64 random(seed);
  std::vector<std::vector<int64_t>> drawn(qs.size());
  std::vector<size_t> times(blocks);
  for (size_t r = 0; r < resamples; ++r) {
    std::ranges::fill(times, 0);
    size_t count = 0;
    for (size_t b = 0; b < blocks || count == 0; ++b) {
      const size_t block = std::uniform_int_distribution<size_t>(0, blocks - 1)(random);
      ++times[block];
      count += sizes[block];
    }
    for (size_t q = 0; q < qs.size(); ++q) {
      const size_t rank = Rank(count, qs[q]);
      size_t seen = 0;
      for (size_t i = 0; i < order.size(); ++i) {
        seen += times[block_of[i]];
        if (seen <= rank) continue;
        drawn[q].push_back(samples[order[i]].latency());
        break;
      }
    }
  }
  std::vector<Interval> intervals;
  for (std::vector<int64_t>& values : drawn) {
    std::ranges::sort(values);
    intervals.push_back({static_cast<double>(Quantile(values, 0.025)),
                         static_cast<double>(Quantile(values, 0.975))});
  }
  return intervals;
}

}  // namespace shortlist
