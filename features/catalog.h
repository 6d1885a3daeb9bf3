// What is known of the items of a bundle: ids, titles, attributes, popularity. An item is a dense
// row, from 0; rows mean nothing outside the bundle.
//
// Immutable, memory-mapped, thread-safe; copies share the mapping.
//
//   ASSIGN_OR_RETURN(Catalog catalog, Catalog::Open(folder / "catalog.arr"));
//   std::optional<ItemRow> row = catalog.FindItem("tt0133093");
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "common/string_table.h"
#include "features/attribute_schema.h"

namespace shortlist {

using ItemRow = uint32_t;
inline constexpr ItemRow kNoItem = std::numeric_limits<ItemRow>::max();

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
  // numbers where no item has one. Not in the catalog's file: retrieval/content/ learns from them.
  uint32_t vector_dim = 0;
  std::vector<float> vectors;
  // Interactions with the item in the training data.
  std::vector<uint32_t> interaction_counts;
  // Those of them that are liked: rated well, or worth as much. Empty: none is.
  std::vector<uint32_t> liked_counts;
};

absl::Status WriteCatalog(const CatalogData& data, const std::filesystem::path& path);

class Catalog {
 public:
  static absl::StatusOr<Catalog> Open(const std::filesystem::path& path);

  uint32_t item_count() const { return ids_.size(); }
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
  std::optional<ItemRow> FindItem(std::string_view id) const { return ids_.Find(id); }

  // The same for many, and faster than one by one; kNoItem where there is none.
  std::vector<ItemRow> FindItems(std::span<const std::string_view> ids) const {
    return ids_.FindAll(ids);
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

 private:
  ArrayFile file_;
  StringTable ids_;
  StringTable titles_;
  AttributeSchema schema_;
  std::span<const uint64_t> code_offsets_;
  std::span<const uint32_t> codes_;
  std::vector<std::span<const double>> numbers_;  // By field; empty for fields of tokens.
  std::span<const uint32_t> interaction_counts_, liked_counts_;
};

}  // namespace shortlist
