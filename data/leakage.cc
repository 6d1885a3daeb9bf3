#include "data/leakage.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>

#include "absl/strings/str_format.h"
#include "common/log.h"

namespace shortlist {
namespace {

constexpr double kStrong = 0.8;
constexpr size_t kLeastItems = 20;

// Ranks from 0; equal values share the mean of theirs.
std::vector<double> Ranks(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (size_t i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + end - 1) / 2;
  }
  return ranks;
}

// Pearson's; 0 where one of the two is constant.
double Correlation(std::span<const double> x, std::span<const double> y) {
  const auto n = static_cast<double>(x.size());
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xx == 0 || yy == 0 ? 0 : xy / std::sqrt(xx * yy);
}

}  // namespace

std::vector<LeakageSuspicion> FindLeakage(const CatalogData& items,
                                          const std::vector<uint32_t>& interaction_counts) {
  std::vector<LeakageSuspicion> suspicions;
  size_t number = 0;
  for (const AttributeFieldData& field : items.schema) {
    if (field.type != AttributeType::kNumber) continue;
    const std::vector<double>& numbers = items.numbers[number++];
    std::vector<double> known, counts;
    for (size_t item = 0; item < numbers.size(); ++item) {
      if (std::isnan(numbers[item])) continue;
      known.push_back(numbers[item]);
      counts.push_back(interaction_counts[item]);
    }
    if (known.size() < kLeastItems) continue;
    const double correlation = Correlation(Ranks(known), Ranks(counts));
    if (std::abs(correlation) >= kStrong)
      suspicions.push_back({.attribute = field.name, .correlation = correlation});
  }
  return suspicions;
}

void WarnOfLeakage(const std::string& data_set, const std::vector<LeakageSuspicion>& suspicions) {
  for (const auto& [attribute, correlation] : suspicions)
    LogWarning(absl::StrFormat(
        "%s: the item attribute %s goes with the number of interactions (rank correlation %.2f): "
        "if it was counted after the test's time, it tells what is to be predicted, and quality is "
        "measured too high; leave it out, or count it before",
        data_set, attribute, correlation));
}

}  // namespace shortlist
