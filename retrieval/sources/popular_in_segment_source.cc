#include "retrieval/sources/popular_in_segment_source.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "features/row_map.h"

namespace shortlist {

std::vector<ItemRow> PopularInSegmentSource::Retrieve(const CandidateQuery& query, size_t k) const {
  const AttributeSchema::Field* field =
      requests_.users().FindField(query.settings.segment_attribute);
  if (field == nullptr || segments_.empty()) return {};
  std::vector<std::span<const ItemRow>> lists;
  size_t longest = 0, total = 0;
  for (const uint32_t code : query.user.attribute_codes) {
    if (code < field->first_code || code >= field->first_code + field->values.size()) continue;
    lists.push_back(segments_.items(code));
    longest = std::max(longest, lists.back().size());
    total += lists.back().size();
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
