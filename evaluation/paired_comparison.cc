#include "evaluation/paired_comparison.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <random>

#include "absl/strings/str_format.h"

namespace shortlist {
namespace {

// 65,536 ways to flip them are counted faster than as many permutations are drawn.
constexpr size_t kMostExact = 16;
// Permutations drawn from one seed: a generator's start takes longer than a short permutation.
constexpr size_t kPart = 100;

double Mean(std::span<const float> values) {
  double sum = 0;
  for (float value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double Ratio(double model, double baseline) {
  if (baseline > 0) return model / baseline;
  return model > 0 ? std::numeric_limits<double>::infinity()
                   : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

PairedComparison ComparePaired(std::span<const float> model, std::span<const float> baseline,
                               const PairedOptions& options, WorkerPool& pool) {
  PairedComparison result;
  const double model_mean = Mean(model);
  const double baseline_mean = Mean(baseline);
  result.difference = model_mean - baseline_mean;
  result.ratio = Ratio(model_mean, baseline_mean);
  result.difference_interval = {result.difference, result.difference};
  result.ratio_interval = {result.ratio, result.ratio};
  const size_t users = model.size();
  if (users == 0) return result;
  std::vector<double> user_differences(users);
  for (size_t user = 0; user < users; ++user)
    user_differences[user] = double{model[user]} - double{baseline[user]};
  result.p_value = SignFlipPValue(user_differences, options.permutations, options.seed, pool);
  if (options.resamples == 0) return result;
  std::vector<double> differences(options.resamples), ratios(options.resamples);
  pool.ForEach(options.resamples, [&](size_t r) {
    double model_sum = 0, baseline_sum = 0;
    ForEachResampled(users, options.seed, r, [&](size_t user) {
      model_sum += model[user];
      baseline_sum += baseline[user];
    });
    differences[r] = (model_sum - baseline_sum) / static_cast<double>(users);
    ratios[r] = Ratio(model_sum, baseline_sum);
  });
  result.difference_interval = PercentileInterval(differences);
  // Resamples in which neither model has anything say nothing of the ratio.
  std::erase_if(ratios, [](double ratio) { return std::isnan(ratio); });
  if (!ratios.empty()) result.ratio_interval = PercentileInterval(ratios);
  return result;
}

double SignFlipPValue(std::span<const double> all_differences, size_t permutations, uint64_t seed,
                      WorkerPool& pool) {
  // Flipping a 0 changes nothing.
  std::vector<double> differences;
  double observed = 0, size = 0;
  for (double difference : all_differences) {
    if (difference == 0) continue;
    differences.push_back(difference);
    observed += difference;
    size += std::abs(difference);
  }
  if (differences.empty()) return 1;
  // Sums of the same numbers in another order are the same but for rounding.
  const double as_far = std::abs(observed) - 1e-12 * size;
  // The sum where differences whose bit is set are flipped; `bits` gives 64 at a time.
  auto flipped_is_as_far = [&](auto&& bits) {
    double flipped = 0;
    for (size_t begin = 0; begin < differences.size(); begin += 64) {
      uint64_t flips = bits();
      const size_t end = std::min(differences.size(), begin + 64);
      for (size_t i = begin; i < end; ++i, flips >>= 1)
        flipped += (flips & 1) != 0 ? differences[i] : 0;
    }
    return std::abs(observed - 2 * flipped) >= as_far;
  };
  if (differences.size() <= kMostExact) {
    const uint64_t ways = uint64_t{1} << differences.size();
    uint64_t count = 0;
    for (uint64_t way = 0; way < ways; ++way)
      count += flipped_is_as_far([&] { return way; }) ? 1 : 0;
    return static_cast<double>(count) / static_cast<double>(ways);
  }
  std::atomic<size_t> count = 0;
  pool.ForEach((permutations + kPart - 1) / kPart, [&](size_t part) {
    std::mt19937_64 random(seed + part);
    const size_t end = std::min(permutations, (part + 1) * kPart);
    size_t found = 0;
    for (size_t p = part * kPart; p < end; ++p) found += flipped_is_as_far(random) ? 1 : 0;
    count += found;
  });
  return static_cast<double>(1 + count) / static_cast<double>(1 + permutations);
}

std::string FormatComparisons(std::span<const PairedComparison> comparisons) {
  auto name = [](const PairedComparison& c) { return c.model + " - " + c.baseline; };
  size_t first = 0;
  for (const PairedComparison& c : comparisons) first = std::max(first, name(c).size());
  std::string text(first, ' ');
  text += "  difference        95 % interval   ratio     95 % interval        p\n";
  for (const PairedComparison& c : comparisons)
    absl::StrAppendFormat(&text, "%-*s  %+10.4f  %+.4f .. %+.4f  %6.3f  %6.3f .. %6.3f  %7.4f\n",
                          static_cast<int>(first), name(c), c.difference, c.difference_interval.low,
                          c.difference_interval.high, c.ratio, c.ratio_interval.low,
                          c.ratio_interval.high, c.p_value);
  return text;
}

}  // namespace shortlist
