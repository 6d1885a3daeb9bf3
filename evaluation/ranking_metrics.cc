#include "evaluation/ranking_metrics.h"

#include <algorithm>
#include <cmath>

namespace shortlist {
namespace {

size_t HitsAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff) {
  const auto first = ranked.first(std::min(ranked.size(), cutoff));
  return static_cast<size_t>(std::count_if(first.begin(), first.end(),
                                           [&](ItemRow item) { return relevant.contains(item); }));
}

}  // namespace

double RecallAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff) {
  if (relevant.empty()) return 0;
  return static_cast<double>(HitsAt(ranked, relevant, cutoff)) /
         static_cast<double>(relevant.size());
}

double HitAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff) {
  return HitsAt(ranked, relevant, cutoff) > 0 ? 1 : 0;
}

double NdcgAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff) {
  double gain = 0;
  double ideal = 0;
  for (size_t i = 0; i < cutoff; ++i) {
    const double discount = 1.0 / std::log2(static_cast<double>(i) + 2);
    if (i < ranked.size() && relevant.contains(ranked[i])) gain += discount;
    if (i < relevant.size()) ideal += discount;
  }
  return ideal > 0 ? gain / ideal : 0;
}

double ReciprocalRankAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff) {
  for (size_t i = 0; i < std::min(ranked.size(), cutoff); ++i)
    if (relevant.contains(ranked[i])) return 1.0 / static_cast<double>(i + 1);
  return 0;
}

double AveragePrecisionAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff) {
  if (relevant.empty() || cutoff == 0) return 0;
  double hits = 0;
  double sum = 0;
  for (size_t i = 0; i < std::min(ranked.size(), cutoff); ++i)
    if (relevant.contains(ranked[i])) sum += ++hits / static_cast<double>(i + 1);
  return sum / static_cast<double>(std::min(relevant.size(), cutoff));
}

std::vector<uint32_t> ExposureAt(const RankedLists& lists, size_t cutoff, size_t items) {
  std::vector<uint32_t> exposure(items, 0);
  for (const std::vector<ItemRow>& list : lists)
    for (size_t i = 0; i < std::min(list.size(), cutoff); ++i) ++exposure[list[i]];
  return exposure;
}

double Coverage(std::span<const uint32_t> exposure) {
  if (exposure.empty()) return 0;
  const auto never = std::count(exposure.begin(), exposure.end(), 0U);
  return 1 - static_cast<double>(never) / static_cast<double>(exposure.size());
}

double Gini(std::span<const uint32_t> exposure) {
  std::vector<uint32_t> sorted(exposure.begin(), exposure.end());
  std::sort(sorted.begin(), sorted.end());
  const auto n = static_cast<double>(sorted.size());
  double total = 0;
  double weighted = 0;
  for (size_t i = 0; i < sorted.size(); ++i) {
    total += sorted[i];
    weighted += (2 * static_cast<double>(i + 1) - n - 1) * sorted[i];
  }
  return total > 0 ? weighted / (n * total) : 0;
}

double Novelty(std::span<const uint32_t> exposure, std::span<const uint32_t> counts, size_t users) {
  double shown = 0;
  double sum = 0;
  for (size_t item = 0; item < exposure.size(); ++item) {
    shown += exposure[item];
    const size_t had = std::clamp<size_t>(counts[item], 1, std::max<size_t>(users, 1));
    sum += exposure[item] * std::log2(static_cast<double>(users) / static_cast<double>(had));
  }
  return shown > 0 ? sum / shown : 0;
}

}  // namespace shortlist
