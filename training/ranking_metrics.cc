#include "training/ranking_metrics.h"

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

}  // namespace shortlist
