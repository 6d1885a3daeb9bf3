#include "retrieval/sources/popular_source.h"

#include <algorithm>

namespace shortlist {

std::vector<ItemRow> PopularSource::Retrieve(const CandidateQuery& query, size_t k) const {
  const std::span<const ItemRow> popular = catalog_.most_popular();
  const size_t looked_at = std::min(popular.size(), kLookedAt * k);
  return FirstPassing(
      query, looked_at, [&](size_t i) { return catalog_.Current(popular[i]); }, k);
}

}  // namespace shortlist
