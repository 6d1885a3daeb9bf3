#include "retrieval/sources/popular_source.h"

#include <algorithm>
#include <numeric>

namespace shortlist {

PopularSource::PopularSource(const Catalog& catalog) : by_popularity_(catalog.item_count()) {
  std::iota(by_popularity_.begin(), by_popularity_.end(), 0);
  std::span<const uint32_t> counts = catalog.interaction_counts();
  size_t considered = std::min(kConsidered, by_popularity_.size());
  std::partial_sort(
      by_popularity_.begin(), by_popularity_.begin() + static_cast<std::ptrdiff_t>(considered),
      by_popularity_.end(),
      [&](ItemRow a, ItemRow b) { return counts[a] != counts[b] ? counts[a] > counts[b] : a < b; });
  by_popularity_.resize(considered);
  by_popularity_.shrink_to_fit();
}

std::vector<ItemRow> PopularSource::Retrieve(const CandidateQuery& query, size_t k) const {
  const size_t looked_at = std::min(by_popularity_.size(), kLookedAt * k);
  return FirstPassing(
      query, looked_at, [this](size_t i) { return by_popularity_[i]; }, k);
}

}  // namespace shortlist
