#include "model/alike_items.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace shortlist {

AlikeItems FindAlike(const Bundle& trained, std::span<const float> embedding) {
  // Some of the nearest may be items that nobody took up, of which nothing was learned either.
  constexpr size_t kLookedAt = 3 * Catalog::kMostAlike;
  const std::span<const uint32_t> counts = trained.catalog.interaction_counts();
  const std::span<const uint32_t> liked = trained.catalog.liked_counts();
  AlikeItems alike;
  for (const ScoredItem& item : trained.index->Search(embedding, {}, kLookedAt))
    if (counts[item.item] > 0 && alike.rows.size() < Catalog::kMostAlike)
      alike.rows.push_back(item.item);
  if (alike.rows.empty()) return alike;
  std::vector<uint32_t> sorted;
  double all = 0, all_liked = 0;
  for (const ItemRow row : alike.rows) {
    sorted.push_back(counts[row]);
    all += counts[row];
    all_liked += liked[row];
  }
  std::sort(sorted.begin(), sorted.end());
  alike.count = sorted[sorted.size() * 3 / 4];
  alike.liked = static_cast<uint32_t>(std::lround(alike.count * all_liked / all));
  return alike;
}

}  // namespace shortlist
