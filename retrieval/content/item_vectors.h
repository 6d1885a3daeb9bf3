// The vectors that items brought along, made elsewhere: of their pictures, of their texts. An item
// has one or none. They say which items are alike by content, whatever users did.
//
// Immutable, memory-mapped, thread-safe; copies share the mapping.
//
//   ASSIGN_OR_RETURN(ItemVectors vectors, ItemVectors::Open(folder / "item_vectors.arr", items));
//   std::vector<ScoredItem> alike = vectors.Nearest(vectors.vector(row), filter, 20);
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "features/catalog.h"
#include "retrieval/content/content_features.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/scored_item.h"

namespace shortlist {

// `vectors`: a row of `dim` numbers an item, `dim` 1 to kMaxVectorDim (features/catalog.h).
absl::Status WriteItemVectors(std::span<const float> vectors, uint32_t dim,
                              const std::filesystem::path& path);

class ItemVectors {
 public:
  // No item has one.
  ItemVectors() = default;
  // DATA_LOSS names the file that is not right.
  static absl::StatusOr<ItemVectors> Open(const std::filesystem::path& path, uint32_t item_count);

  // The same for rows behind those of the file, too: both begin with what the file has.
  ItemVectors WithItems(std::span<const float> vectors, std::span<const float> lengths) const;

  // Numbers of a vector; 0 where items have none.
  uint32_t dim() const { return dim_; }
  // Whether the row's item has one.
  bool Has(ItemRow row) const { return row < lengths_.size() && lengths_[row] > 0; }
  // As it was given; empty where the item has none.
  std::span<const float> vector(ItemRow row) const {
    return Has(row) ? vectors_.subspan(size_t{row} * dim_, dim_) : std::span<const float>();
  }

  // By row: dim() numbers each, and the length of each row, 0 where the item has no vector.
  std::span<const float> all() const { return vectors_; }
  std::span<const float> lengths() const { return lengths_; }

  // min(k, items that pass the filter and have a vector) items by cosine, best first. Exact: it
  // reads every vector that passes, on the caller's thread, and asks `check` after each few
  // thousand whether to go on; an error of it is returned. `query`: dim() numbers, not all 0.
  absl::StatusOr<std::vector<ScoredItem>> Nearest(
      std::span<const float> query, const ItemFilter& filter, size_t k,
      absl::FunctionRef<absl::Status()> check = absl::OkStatus) const;

 private:
  ArrayFile file_;
  uint32_t dim_ = 0;
  std::span<const float> vectors_, lengths_;
};

}  // namespace shortlist
