// What is known of the items of a bundle: ids, titles, attributes, popularity. An item is a dense
// row, from 0; rows mean nothing outside the bundle.
//
// A catalog may have changed since the bundle was trained (features/growing_catalog.h). Then there
// are rows behind the bundle's, of items that are new or have new attributes, and rows that are
// hidden: those of items that are withdrawn, and those in whose place another row is.
//
// Immutable, memory-mapped, thread-safe; copies share the mapping.
//
//   ASSIGN_OR_RETURN(Catalog catalog, Catalog::Open(folder / "catalog.arr"));
//   std::optional<ItemRow> row = catalog.FindItem("tt0133093");
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "common/bits.h"
#include "common/string_table.h"
#include "features/attribute_schema.h"

namespace shortlist {

using ItemRow = uint32_t;
inline constexpr ItemRow kNoItem = std::numeric_limits<ItemRow>::max();

// Numbers of a vector that an item brings along, at most.
inline constexpr size_t kMaxVectorDim = 4096;
// And how large they may be in files: the squares of few such numbers have a sum within the range
// of a float.
inline constexpr double kLargestVectorNumber = 1e18;

// Where an item's vector comes from, by which it is found: from training, from its content
// (attribute values, and a vector that it brought along), or from nowhere, for want of both: then
// it is zero, and the item is found by other means alone.
enum class VectorOrigin : uint8_t { kTrained, kFromAttributes, kNone };

// What a catalog is made of, before it is written. All lists are by row.
struct CatalogData {
  std::vector<std::string> ids;
  std::vector<std::string> titles;  // Empty, or one per item.
  std::vector<AttributeFieldData> schema;
  // Codes of item i: codes[code_offsets[i], code_offsets[i + 1]), ascending.
  std::vector<uint64_t> code_offsets;
  std::vector<uint32_t> codes;
  // One list per numeric field, in the order of the schema; NaN where an item has none.
  std::vector<std::vector<double>> numbers;
  // A vector made elsewhere for each item, vector_dim numbers, all 0 where there is none; of no
  // numbers where no item has one. Not in the catalog's file: retrieval/content/ learns from them,
  // and keeps them in a file of its own.
  uint32_t vector_dim = 0;
  std::vector<float> vectors;
  // Interactions with the item in the training data.
  std::vector<uint32_t> interaction_counts;
  // Those of them that are liked: rated well, or worth as much. Empty: none is.
  std::vector<uint32_t> liked_counts;
};

absl::Status WriteCatalog(const CatalogData& data, const std::filesystem::path& path);

class WorkerPool;

class Catalog {
 public:
  // DATA_LOSS names the file that is not right. All items are looked at, on the threads of `pool`
  // where there is one.
  static absl::StatusOr<Catalog> Open(const std::filesystem::path& path,
                                      WorkerPool* pool = nullptr);

  // Rows, those that are hidden included.
  uint32_t item_count() const { return ids_.size(); }
  // Rows of the bundle as it was trained: the first ones.
  uint32_t trained_count() const { return trained_count_; }
  // Whether this row is an item.
  bool Has(ItemRow row) const { return row < item_count(); }
  const StringTable& ids() const { return ids_; }
  std::string_view id(ItemRow row) const { return ids_[row]; }
  // Empty where the data set has none.
  std::string_view title(ItemRow row) const { return titles_.size() == 0 ? "" : titles_[row]; }
  // Starts to load ids and titles of these items.
  void PrefetchTexts(std::span<const ItemRow> rows) const {
    ids_.Prefetch(rows);
    titles_.Prefetch(rows);
  }
  // The row that the id means now, whether it is hidden or not.
  std::optional<ItemRow> FindItem(std::string_view id) const { return ids_.Find(id); }

  // The same for many, and faster than one by one; kNoItem where there is none.
  std::vector<ItemRow> FindItems(std::span<const std::string> ids) const {
    return ids_.FindAll(std::vector<std::string_view>(ids.begin(), ids.end()));
  }

  const AttributeSchema& schema() const { return schema_; }
  // The item's attribute codes, ascending: those of one field are neighbours.
  std::span<const uint32_t> codes(ItemRow row) const {
    return codes_.subspan(code_offsets_[row], code_offsets_[row + 1] - code_offsets_[row]);
  }
  // The numbers of all items for a numeric field of the schema, by row; NaN where there is none.
  // `field` is its position in schema().fields().
  std::span<const double> numbers(uint32_t field) const { return numbers_[field]; }

  std::span<const uint32_t> interaction_counts() const { return interaction_counts_; }
  std::span<const uint32_t> liked_counts() const { return liked_counts_; }
  // Of the bundle as it was trained: rows by falling number of interactions, no more than
  // kMostPopular, and the share of all interactions that are with items of a code, smoothed.
  static constexpr size_t kMostPopular = 10'000;
  std::span<const ItemRow> most_popular() const { return popularity_->rows; }
  std::span<const float> code_shares() const { return popularity_->code_shares; }
  // Of the bundle as it was trained: rows by falling number of a numeric field of the schema, equal
  // ones by row, no more than kMostPopular; none without a number. Of other fields empty.
  std::span<const ItemRow> largest(const AttributeSchema::Field& field) const {
    return popularity_->largest[static_cast<size_t>(&field - schema_.fields().data())];
  }

  // Rows that must not be shown, or null where there are none.
  const Bits* hidden() const { return hidden_.get(); }
  bool IsHidden(ItemRow row) const { return hidden_ != nullptr && hidden_->Test(row); }
  // Whether the row's item is not in the catalog any more.
  bool IsDeleted(ItemRow row) const { return deleted_ != nullptr && deleted_->Test(row); }
  // The row that is in the place of a hidden one, if there is one; otherwise the row itself.
  ItemRow Current(ItemRow row) const {
    return IsHidden(row) ? FindItem(id(row)).value_or(row) : row;
  }
  // The row of the bundle as it was trained that has what was learned of the row's item; kNoItem
  // where nothing was.
  ItemRow LearnedRow(ItemRow row) const {
    return row < trained_count_ ? row : learned_rows_[row - trained_count_];
  }
  // Rows of the bundle as it was trained that are most like the row's item by its content, likest
  // first: they speak for an item of which nothing was learned. Of others, and of an item of which
  // nothing is known, there are none.
  static constexpr size_t kMostAlike = 10;
  std::span<const ItemRow> AlikeRows(ItemRow row) const {
    if (row < trained_count_) return {};
    const ItemRow* rows = &alike_rows_[(row - trained_count_) * kMostAlike];
    return {rows, std::find(rows, rows + kMostAlike, kNoItem)};
  }
  VectorOrigin vector_origin(ItemRow row) const {
    return row < trained_count_ ? VectorOrigin::kTrained : vector_origins_[row - trained_count_];
  }
  // Calls visit(field, value) for the item's attribute values that have no code, since training did
  // not know them; `field` is a position in schema().fields().
  template <class Visit>
  void ForEachUncoded(ItemRow row, const Visit& visit) const {
    if (row < trained_count_) return;
    const uint32_t* begins = &uncoded_begins_[row - trained_count_];
    for (uint32_t i = begins[0]; i < begins[1]; ++i) visit(uncoded_fields_[i], uncoded_values_[i]);
  }

 private:
  friend class GrowingCatalog;
  struct Popularity {
    std::vector<ItemRow> rows;
    std::vector<float> code_shares;
    std::vector<std::vector<ItemRow>> largest;  // By field.
  };
  static std::shared_ptr<const Popularity> PopularityOf(const Catalog& catalog);

  ArrayFile file_;
  StringTable ids_;
  StringTable titles_;
  AttributeSchema schema_;
  std::span<const uint64_t> code_offsets_;
  std::span<const uint32_t> codes_;
  std::vector<std::span<const double>> numbers_;  // By field; empty for fields of tokens.
  std::span<const uint32_t> interaction_counts_, liked_counts_;
  std::shared_ptr<const Popularity> popularity_;

  uint32_t trained_count_ = 0;
  // Of the rows behind the bundle's.
  std::span<const ItemRow> learned_rows_;
  std::span<const ItemRow> alike_rows_;  // kMostAlike each, padded with kNoItem.
  std::span<const VectorOrigin> vector_origins_;
  std::span<const uint32_t> uncoded_begins_;  // One more than rows.
  std::span<const uint32_t> uncoded_fields_;
  StringTable uncoded_values_;
  std::shared_ptr<const Bits> hidden_, deleted_;
};

}  // namespace shortlist
