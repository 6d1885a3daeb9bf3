#include "retrieval/sources/popular_in_segment_source.h"

#include <algorithm>
#include <span>

#include "features/row_map.h"

namespace shortlist {

std::vector<ItemRow> PopularInSegmentSource::Retrieve(const CandidateQuery& query, size_t k) const {
  const std::vector<std::span<const ItemRow>> lists =
      segments_.ListsOf(query.user, requests_.users(), query.settings.segment_attribute);
  size_t longest = 0, total = 0;
  for (const std::span<const ItemRow> list : lists) {
    longest = std::max(longest, list.size());
    total += list.size();
  }
  std::vector<ItemRow> items;
  RowMap<bool> named(total);
  for (size_t place = 0; place < longest; ++place) {
    for (const std::span<const ItemRow> list : lists) {
      if (place >= list.size() || named.Find(list[place]) != nullptr) continue;
      named[list[place]] = true;
      items.push_back(list[place]);
    }
  }
  return FirstPassing(
      query, items.size(), [&](size_t i) { return catalog_.Current(items[i]); }, k);
}

}  // namespace shortlist
