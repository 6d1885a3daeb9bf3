// Which items a request may return: a condition on their attributes, and rows to leave out.
//
//   AttributeIndex attributes(catalog);                 // once per bundle
//   ASSIGN_OR_RETURN(ItemFilter filter, attributes.Compile(conditions));
//   filter.Exclude(seen_rows);
//   index.Search(query, filter, 500);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <roaring/roaring.hh>

#include "absl/status/statusor.h"
#include "features/catalog.h"

namespace shortlist {

// One filter, compiled for one bundle. Cheap when nothing is restricted.
class ItemFilter {
 public:
  ItemFilter() = default;  // Passes every item.
  explicit ItemFilter(Roaring allowed) : allowed_(std::move(allowed)) {}

  // Leaves these rows out as well.
  void Exclude(std::span<const ItemRow> rows);

  bool Passes(ItemRow row) const {
    return (!allowed_ || allowed_->contains(row)) && !excluded_.contains(row);
  }
  // Null when attributes restrict nothing.
  const Roaring* allowed() const { return allowed_ ? &*allowed_ : nullptr; }
  const Roaring& excluded() const { return excluded_; }
  // How many of a catalog's items pass.
  uint32_t PassingCount(uint32_t item_count) const;
  // Calls body(row) for every passing row of a catalog, ascending.
  template <class Body>
  void ForEachPassing(uint32_t item_count, const Body& body) const;

 private:
  std::optional<Roaring> allowed_;
  Roaring excluded_;
};

template <class Body>
void ItemFilter::ForEachPassing(uint32_t item_count, const Body& body) const {
  auto next_excluded = excluded_.begin();
  const auto end_of_excluded = excluded_.end();
  auto visit = [&](ItemRow row) {
    while (next_excluded != end_of_excluded && *next_excluded < row) ++next_excluded;
    if (next_excluded == end_of_excluded || *next_excluded != row) body(row);
  };
  if (allowed_) {
    for (ItemRow row : *allowed_) visit(row);
  } else {
    for (ItemRow row = 0; row < item_count; ++row) visit(row);
  }
}

// A condition as the caller states it; see AttributeCondition in common.proto.
struct FilterCondition {
  std::string attribute;
  std::vector<std::string> any_value;  // Used when there is no range.
  struct Range {
    std::optional<double> min, max;  // Inclusive.
  };
  std::optional<Range> range;
};

struct FilterConditions {
  std::vector<FilterCondition> all_of, any_of, none_of;
};

// The items of every attribute value, as bitmaps. Immutable and thread-safe; refers to the
// catalog, which must outlive it.
class AttributeIndex {
 public:
  explicit AttributeIndex(const Catalog& catalog);

  // INVALID_ARGUMENT names an attribute the catalog does not have (and those it has), and a range
  // on an attribute that is not numeric. A value that no item has matches nothing. On a numeric
  // attribute a value means equality.
  absl::StatusOr<ItemFilter> Compile(const FilterConditions& conditions) const;

 private:
  absl::StatusOr<Roaring> Match(const FilterCondition& condition) const;
  Roaring MatchRange(const AttributeSchema::Field& field, float min, float max) const;

  const Catalog& catalog_;
  std::vector<Roaring> items_by_code_;  // For numeric fields: of every bucket.
};

}  // namespace shortlist
