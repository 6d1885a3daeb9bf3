#include "evaluation/binary_metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace shortlist {
namespace {

std::vector<size_t> Ascending(std::span<const double> scores) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] < scores[b]; });
  return order;
}

bool HasBothLabels(std::span<const float> labels) {
  return std::find(labels.begin(), labels.end(), 0.0F) != labels.end() &&
         std::find(labels.begin(), labels.end(), 1.0F) != labels.end();
}

}  // namespace

double Auc(std::span<const double> scores, std::span<const float> labels) {
  if (!HasBothLabels(labels)) return 0.5;
  const std::vector<size_t> order = Ascending(scores);
  double negatives_below = 0, positives = 0, won = 0;
  for (size_t begin = 0; begin < order.size();) {
    double equal_positives = 0, equal_negatives = 0;
    size_t end = begin;
    // The first by itself: a score that is no number equals nothing, not even itself.
    for (; end == begin || (end < order.size() && scores[order[end]] == scores[order[begin]]);
         ++end)
      (labels[order[end]] > 0 ? equal_positives : equal_negatives) += 1;
    won += equal_positives * (negatives_below + 0.5 * equal_negatives);
    negatives_below += equal_negatives;
    positives += equal_positives;
    begin = end;
  }
  return won / (positives * negatives_below);
}

double GroupedAuc(std::span<const double> scores, std::span<const float> labels,
                  std::span<const uint32_t> groups) {
  double sum = 0, weight = 0;
  for (size_t begin = 0; begin < scores.size();) {
    size_t end = begin;
    while (end < scores.size() && groups[end] == groups[begin]) ++end;
    const std::span<const float> group = labels.subspan(begin, end - begin);
    if (HasBothLabels(group)) {
      const auto size = static_cast<double>(end - begin);
      sum += size * Auc(scores.subspan(begin, end - begin), group);
      weight += size;
    }
    begin = end;
  }
  return weight > 0 ? sum / weight : 0.5;
}

std::vector<ReliabilityBin> Reliability(std::span<const double> probabilities,
                                        std::span<const float> labels, size_t bins) {
  const std::vector<size_t> order = Ascending(probabilities);
  std::vector<ReliabilityBin> reliability;
  for (size_t b = 0; b < bins; ++b) {
    const size_t begin = order.size() * b / bins;
    const size_t end = order.size() * (b + 1) / bins;
    if (begin == end) continue;
    ReliabilityBin bin{.examples = end - begin};
    for (size_t i = begin; i < end; ++i) {
      bin.predicted += probabilities[order[i]];
      bin.observed += labels[order[i]];
    }
    bin.predicted /= static_cast<double>(bin.examples);
    bin.observed /= static_cast<double>(bin.examples);
    reliability.push_back(bin);
  }
  return reliability;
}

double ExpectedCalibrationError(std::span<const ReliabilityBin> bins) {
  double sum = 0, examples = 0;
  for (const ReliabilityBin& bin : bins) {
    sum += static_cast<double>(bin.examples) * std::abs(bin.predicted - bin.observed);
    examples += static_cast<double>(bin.examples);
  }
  return examples > 0 ? sum / examples : 0;
}

}  // namespace shortlist
