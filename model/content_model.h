// What models would have learned of an item, from its attributes: for items that came after
// training.
//
// Implementations are const and thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "features/item_encoder.h"

namespace shortlist {

// Rows of the arrays that a bundle has by item.
struct LearnedRows {
  std::vector<float> embedding;  // TwoTower::item_embedding: of length 1.
  std::vector<float> history;    // TwoTower::history_vectors; empty where there are none.
  // ItemFactors, their numbers before they are encoded; empty where there are none.
  std::vector<float> history_from, history_to;
  std::vector<float> next_from, next_to;
};

class ContentModel {
 public:
  virtual ~ContentModel() = default;
  // None where the attributes say nothing.
  virtual std::optional<LearnedRows> Of(const EncodedItem& item) const = 0;
};

}  // namespace shortlist
