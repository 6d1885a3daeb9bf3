#include "retrieval/sources/newest_source.h"

#include <span>

namespace shortlist {

std::vector<ItemRow> NewestSource::Retrieve(const CandidateQuery& query, size_t k) const {
  const std::vector<ItemRow> newest = Newest(query.settings.newest_attribute, kLookedAt * k);
  return FirstPassing(
      query, newest.size(), [&](size_t i) { return newest[i]; }, k);
}

std::vector<ItemRow> NewestSource::Newest(const std::string& attribute, size_t most) const {
  std::vector<ItemRow> rows;
  for (ItemRow row = catalog_.item_count(); row > catalog_.trained_count() && rows.size() < most;) {
    --row;
    // A row anew of an item that training knew is no new item.
    if (!catalog_.IsHidden(row) && catalog_.LearnedRow(row) == kNoItem) rows.push_back(row);
  }
  const AttributeSchema::Field* field = catalog_.schema().FindField(attribute);
  if (field == nullptr) return rows;
  for (const ItemRow row : catalog_.largest(*field)) {
    if (rows.size() >= most) break;
    rows.push_back(catalog_.Current(row));
  }
  return rows;
}

}  // namespace shortlist
