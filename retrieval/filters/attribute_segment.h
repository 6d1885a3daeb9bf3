// Which of a few rows, next to one another, meet a filter's conditions: for the rows by which a
// catalog has grown. An index over a whole catalog is retrieval/filters/item_filter.h.
//
// Immutable and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <roaring/roaring.hh>

#include "absl/container/flat_hash_map.h"
#include "features/catalog.h"
#include "retrieval/filters/filter_conditions.h"

namespace shortlist {

class AttributeSegment {
 public:
  // Of the rows [begin, end) of the catalog.
  AttributeSegment(const Catalog& catalog, ItemRow begin, ItemRow end);

  ItemRow begin() const { return begin_; }
  ItemRow end() const { return end_; }

  // The rows that meet the conditions, which fit the catalog's schema.
  Roaring Matching(const FilterConditions& conditions, const AttributeSchema& schema) const;

 private:
  Roaring Matching(const FilterCondition& condition, const AttributeSchema& schema) const;
  void AddNumbers(uint32_t field, double min, double max, Roaring& rows) const;

  ItemRow begin_, end_;
  absl::flat_hash_map<uint32_t, Roaring> by_code_;
  // By field and value, of those that have no code.
  absl::flat_hash_map<std::pair<uint32_t, std::string>, Roaring> uncoded_;
  std::vector<std::vector<std::pair<double, ItemRow>>> numbers_;  // By field, ascending.
};

}  // namespace shortlist
