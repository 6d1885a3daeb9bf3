// A regression of items on the items of a history, in factors: what it expects of item c after the
// history h, h[0] the latest, is
//
//   sum_a weights[a] from[h[a]] . to[c]
//
// with a row of `dim` numbers for every item. training/item_regression.h fits them.
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

absl::Status WriteItemFactors(const ItemFactorsData& data, const std::filesystem::path& path);
// The same for a table that is made while it is written, first all of `from`, then all of `to`:
// both functions are those of ArrayFileWriter::AddMade.
absl::Status WriteItemFactors(size_t dim, size_t items, std::vector<float> weights,
                              std::function<std::span<const float>(size_t)> make_from,
                              std::function<std::span<const float>(size_t)> make_to,
                              const std::filesystem::path& path);

class ItemFactors {
 public:
  // DATA_LOSS names the file that is not right.
  static absl::StatusOr<ItemFactors> Open(const std::filesystem::path& path, uint32_t item_count);

  size_t dim() const { return dim_; }
  // Rows of `dim` numbers.
  std::span<const float> from(ItemRow item) const { return from_.subspan(item * dim_, dim_); }
  std::span<const float> to(ItemRow item) const { return to_.subspan(item * dim_, dim_); }
  std::span<const float> weights() const { return weights_; }

 private:
  ArrayFile file_;
  size_t dim_ = 0;
  std::span<const float> from_, to_, weights_;
};

}  // namespace shortlist
