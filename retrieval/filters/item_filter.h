// Which items a request may return: a condition on their attributes, and rows to leave out. Rows
// that the catalog hides never pass.
//
//   AttributeIndex attributes(catalog, &index.order());  // once per bundle
//   ASSIGN_OR_RETURN(ItemFilter filter, attributes.Compile(conditions, {nullptr, "filter"}));
//   filter.Exclude(seen_rows);
//   index.Search(query, filter, 500);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <roaring/roaring.hh>

#include "absl/status/statusor.h"
#include "common/bits.h"
#include "common/field_path.h"
#include "features/catalog.h"
#include "retrieval/filters/filter_conditions.h"
#include "retrieval/index/item_order.h"

namespace shortlist {

// One filter, compiled for one bundle. Cheap when nothing is restricted. The attributes' part is a
// set of rows, or of positions in the order of an item index, which that index takes as it is.
class ItemFilter {
 public:
  ItemFilter() = default;  // Passes every item.
  // `allowed`: positions in `order`, which must outlive the filter, or rows when it is null.
  explicit ItemFilter(Roaring allowed, const ItemOrder* order = nullptr)
      : ItemFilter(std::make_shared<const Roaring>(std::move(allowed)), order) {}
  ItemFilter(std::shared_ptr<const Roaring> allowed, const ItemOrder* order)
      : allowed_(std::move(allowed)), order_(order) {}

  // Leaves these rows out as well.
  void Exclude(std::span<const ItemRow> rows);

  // Lets these rows pass as well, as of items that came after the order was made.
  void Allow(const Roaring& rows) { added_ |= rows; }

  // Rows that do not pass whatever else is said, null: none. `hidden` must outlive the filter and
  // have a bit for every row that it is asked for.
  void Hide(const Bits* hidden) { hidden_ = hidden; }

  bool Passes(ItemRow row) const {
    return PassesUnlessHidden(row) && (hidden_ == nullptr || !hidden_->Test(row));
  }
  // Asks for the memory that Passes will read first.
  void Prefetch(ItemRow row) const {
    if (allowed_ && order_ != nullptr) __builtin_prefetch(order_->positions.data() + row);
  }
  // Null when attributes restrict nothing.
  const Roaring* allowed() const { return allowed_.get(); }
  const ItemOrder* order() const { return order_; }
  // The row that a member of allowed() means.
  ItemRow RowOf(uint32_t member) const { return order_ ? order_->rows[member] : member; }
  // Rows, in any case.
  const Roaring& added() const { return added_; }
  const Roaring& excluded() const { return excluded_; }
  // How many rows below item_count pass. The filter may know of more: of a catalog that has grown.
  uint32_t PassingCount(uint32_t item_count) const;
  // The same if none were hidden: for an index, which knows of that by itself.
  uint32_t PassingOrHiddenCount(uint32_t item_count) const;
  // Calls body(row) for each of them, in no fixed order.
  template <class Body>
  void ForEachPassing(uint32_t item_count, const Body& body) const;

 private:
  bool PassesUnlessHidden(ItemRow row) const {
    return (InAllowed(row) || added_.contains(row)) && !excluded_.contains(row);
  }
  bool InAllowed(ItemRow row) const {
    if (!allowed_) return true;
    if (order_ == nullptr) return allowed_->contains(row);
    return row < order_->positions.size() && allowed_->contains(order_->positions[row]);
  }

  std::shared_ptr<const Roaring> allowed_;
  const ItemOrder* order_ = nullptr;
  Roaring added_;
  Roaring excluded_;
  const Bits* hidden_ = nullptr;
};

template <class Body>
void ItemFilter::ForEachPassing(uint32_t item_count, const Body& body) const {
  auto visit = [&, none = excluded_.isEmpty()](ItemRow row) {
    if (row < item_count && (none || !excluded_.contains(row)) &&
        (hidden_ == nullptr || !hidden_->Test(row)))
      body(row);
  };
  if (allowed_) {
    for (uint32_t member : *allowed_) visit(RowOf(member));
    for (ItemRow row : added_)
      if (!InAllowed(row)) visit(row);
  } else {
    for (ItemRow row = 0; row < item_count; ++row) visit(row);
  }
}

class AttributeSegment;

// The items of every attribute value, as bitmaps. Immutable and thread-safe; refers to the
// catalog, which must outlive it.
class AttributeIndex {
 public:
  // Filters are compiled for `order`, which must outlive this, too; for rows when it is null.
  explicit AttributeIndex(const Catalog& catalog, const ItemOrder* order = nullptr);
  // Of a catalog that has grown since `before` was made, in a time that depends on what was added.
  AttributeIndex(const AttributeIndex& before, const Catalog& catalog, const ItemOrder* order);

  // INVALID_ARGUMENT names the field ("filter.all_of[0].attribute") that asks for an attribute the
  // catalog does not have (and those it has), or for a range of one that is not numeric; `path` is
  // where in the request the filter is. A value that no item has matches nothing. On a numeric
  // attribute a value means equality. The filter refers to this index, which must outlive it.
  absl::StatusOr<ItemFilter> Compile(const FilterConditions& conditions,
                                     const FieldPath& path = {nullptr, "filter"}) const;

  // The rows of the bundle as it was trained that have the attribute value of the code, as members
  // of a filter compiled here (ItemFilter::RowOf).
  const Roaring& MembersOf(uint32_t code) const { return (*members_by_code_)[code]; }

 private:
  // The bitmap of a single value is the index's own.
  absl::StatusOr<std::shared_ptr<const Roaring>> Match(const FilterCondition& condition,
                                                       const FieldPath& path) const;
  // For the rows by which the catalog has grown since the last one.
  void AddSegment();
  Roaring MatchRange(const AttributeSchema::Field& field, double min, double max) const;

  const Catalog& catalog_;
  const ItemOrder* order_;
  // For numeric fields: of every bucket.
  std::shared_ptr<const std::vector<Roaring>> members_by_code_;
  // Of the rows by which the catalog has grown, in their order. Each is at least as large as the
  // next, so that there are few.
  std::vector<std::shared_ptr<const AttributeSegment>> segments_;
};

}  // namespace shortlist
