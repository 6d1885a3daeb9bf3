// A regression of items on the items of a history, in factors: what it expects of item c after the
// history h, h[0] the latest, is
//
//   sum_a weights[a] from[h[a]] . to[c]
//
// with a row of `dim` numbers for every item. learning/items/item_regression.h fits them. A row is
// kept in dim + 4 bytes: numbers as 8-bit codes, and last what these are multiplied by, a float.
// With 124 dimensions that is two cache lines.
//
//   std::vector<float> query = factors.Query();
//   for (...) factors.AddFrom(history_item, weight, query);
//   std::vector<float> expected = factors.Products(query, candidate_items);
//
// Immutable, memory-mapped, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "features/catalog.h"

namespace shortlist {

struct ItemFactorsData {
  size_t dim = 0;
  std::vector<float> from, to;  // Items x dim.
  std::vector<float> weights;   // By age; older items do not count.
};

// INVALID_ARGUMENT when a number is not finite or beyond a million.
absl::Status WriteItemFactors(const ItemFactorsData& data, const std::filesystem::path& path);
// The same for a table that is made while it is written, first all of `from`, then all of `to`:
// both functions are those of ArrayFileWriter::AddMade, of rows as EncodeFactors makes them.
absl::Status WriteItemFactors(size_t dim, size_t items, std::vector<float> weights,
                              std::function<std::span<const int8_t>(size_t)> make_from,
                              std::function<std::span<const int8_t>(size_t)> make_to,
                              const std::filesystem::path& path);

// Bytes of a row.
constexpr size_t FactorRowSize(size_t dim) { return dim + sizeof(float); }
// `row` has FactorRowSize(numbers.size()) bytes. The numbers, all finite, are off by at most 1/254
// of the largest magnitude among them.
void EncodeFactors(std::span<const float> numbers, std::span<int8_t> row);
// sum += weight times the numbers of such a row, which has FactorRowSize(sum.size()) bytes.
void AddFactors(std::span<const int8_t> row, float weight, std::span<float> sum);
// Whether the numbers of such a row are finite and not too large.
bool AreSoundFactors(std::span<const int8_t> row);

class ItemFactors {
 public:
  // DATA_LOSS names the file that is not right.
  static absl::StatusOr<ItemFactors> Open(const std::filesystem::path& path, uint32_t item_count);

  // The same for rows behind those of the file, too: both begin with the rows of the file.
  ItemFactors WithItems(std::span<const int8_t> from, std::span<const int8_t> to) const {
    ItemFactors longer = *this;
    longer.from_ = from;
    longer.to_ = to;
    return longer;
  }

  size_t dim() const { return dim_; }
  size_t row_size() const { return FactorRowSize(dim_); }
  std::span<const float> weights() const { return weights_; }
  // The bytes of all rows, and of one.
  std::span<const int8_t> all_from() const { return from_; }
  std::span<const int8_t> all_to() const { return to_; }
  std::span<const int8_t> from(ItemRow item) const { return Row(from_, item); }
  std::span<const int8_t> to(ItemRow item) const { return Row(to_, item); }

  // `dim` zeros, and four more that stay zero: with them a row can be read to its end.
  std::vector<float> Query() const { return std::vector<float>(row_size()); }
  // query += weight from[item].
  void AddFrom(ItemRow item, float weight, std::span<float> query) const {
    AddRow(from(item), weight, query);
  }
  // query += weight to[item].
  void AddTo(ItemRow item, float weight, std::span<float> query) const {
    AddRow(to(item), weight, query);
  }
  // query . to[item], of each of the items.
  std::vector<float> Products(std::span<const float> query, std::span<const ItemRow> items) const {
    return ProductsOf(to_, query, items);
  }
  // from[item] . to[candidate], of each of the items.
  std::vector<float> Products(std::span<const ItemRow> items, ItemRow candidate) const;

 private:
  // query += weight times the numbers of the row.
  void AddRow(std::span<const int8_t> row, float weight, std::span<float> query) const;
  std::vector<float> ProductsOf(std::span<const int8_t> rows, std::span<const float> query,
                                std::span<const ItemRow> items) const;
  std::span<const int8_t> Row(std::span<const int8_t> rows, ItemRow item) const {
    return rows.subspan(item * row_size(), row_size());
  }

  ArrayFile file_;
  size_t dim_ = 0;
  std::span<const int8_t> from_, to_;
  std::span<const float> weights_;
};

}  // namespace shortlist
