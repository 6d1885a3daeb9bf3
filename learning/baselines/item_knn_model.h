// Item-based collaborative filtering (Sarwar et al. 2001): an item's score is the sum of its
// similarity to the items of the history, as in the co-occurrence table that is served too
// (learning/items/item_similarity_builder.h).
#pragma once

#include <algorithm>
#include <span>
#include <utility>

#include "evaluation/scoring_model.h"
#include "retrieval/item_similarity.h"

namespace shortlist {

class ItemKnnModel : public ScoringModel {
 public:
  explicit ItemKnnModel(ItemSimilarityData similarity) : similarity_(std::move(similarity)) {}

  void Score(std::span<const ItemRow> history, std::span<float> scores) const override {
    std::fill(scores.begin(), scores.end(), 0.0F);
    const size_t width = similarity_.neighbours;
    for (ItemRow item : history) {
      for (size_t n = item * width; n < (item + 1) * width; ++n) {
        if (similarity_.items[n] == kNoItem) break;
        scores[similarity_.items[n]] += similarity_.scores[n];
      }
    }
  }

 private:
  ItemSimilarityData similarity_;
};

}  // namespace shortlist
