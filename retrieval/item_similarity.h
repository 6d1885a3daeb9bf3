// The items that every item of a history speaks most for, by co-occurrence: a table of at most K
// neighbours an item, made in training (learning/items/item_similarity_builder.h). What a whole
// history says of item c, h[0] being its latest item, is
//
//   sum_a weights[a] score(h[a], c)
//
// Immutable, memory-mapped, thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "features/catalog.h"

namespace shortlist {

// What the table is made of: item_count x neighbours, most similar first, padded with kNoItem.
struct ItemSimilarityData {
  uint32_t neighbours = 0;
  std::vector<ItemRow> items;
  std::vector<float> scores;   // 0 for padding.
  std::vector<float> weights;  // By age; older items do not count.
};

absl::Status WriteItemSimilarity(const ItemSimilarityData& data, const std::filesystem::path& path);
// The same for a table of `items` items that is made while it is written, first all neighbours,
// then all scores: both functions are those of ArrayFileWriter::AddMade.
absl::Status WriteItemSimilarity(uint32_t neighbours, size_t items, std::vector<float> weights,
                                 std::function<std::span<const ItemRow>(size_t)> make_neighbours,
                                 std::function<std::span<const float>(size_t)> make_scores,
                                 const std::filesystem::path& path);

class ItemSimilarity {
 public:
  static absl::StatusOr<ItemSimilarity> Open(const std::filesystem::path& path,
                                             uint32_t item_count);

  // The same for rows behind those of the file, too: both begin with the rows of the file.
  ItemSimilarity WithItems(std::span<const ItemRow> items, std::span<const float> scores) const {
    ItemSimilarity longer = *this;
    longer.items_ = items;
    longer.scores_ = scores;
    return longer;
  }

  // Neighbours of an item, most similar first, and their scores. Equal lengths.
  std::span<const ItemRow> neighbours(ItemRow item) const;
  std::span<const float> scores(ItemRow item) const;

  // The whole table: item_count x width(), padded with kNoItem and 0.
  uint32_t width() const { return width_; }
  std::span<const ItemRow> all_items() const { return items_; }
  std::span<const float> all_scores() const { return scores_; }
  std::span<const float> weights() const { return weights_; }

 private:
  ArrayFile file_;
  uint32_t width_ = 0;
  std::span<const ItemRow> items_;
  std::span<const float> scores_;
  std::span<const float> weights_;
};

}  // namespace shortlist
