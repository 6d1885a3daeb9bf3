// What features are computed from besides user and context, and what they come to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "features/catalog.h"
#include "features/encoded_request.h"
#include "features/item_factors.h"

namespace shortlist {

// One entry of a sparse feature vector. `index` is below FeatureExtractor::width().
struct FeatureValue {
  uint32_t index;
  float value;
};

// Interactions that were known at a time. Of an item that came after training: those that it can be
// expected to come to (model/alike_items.h), so that what nobody could count is not held against
// it.
struct ItemStatistics {
  std::span<const uint32_t> counts;  // By item.
  uint64_t total = 0;
  std::span<const uint32_t> liked;  // By item: those of them that are liked.
  uint64_t total_liked = 0;
};

// Refers to its parts.
struct FeatureInputs {
  const Catalog* catalog = nullptr;
  const AttributeSchema* user_schema = nullptr;
  const AttributeSchema* context_schema = nullptr;
  // item_count rows of dim floats, each of length 1.
  std::span<const float> item_embeddings;
  size_t dim = 0;
  // The vector of length 1 that the user tower has for them, `dim` floats.
  std::function<std::vector<float>(const EncodedUser&, const EncodedContext&)> user_vector;
  // Co-occurrence: item_count x neighbours items and scores, padded with kNoItem and 0.
  std::span<const ItemRow> neighbour_items;
  std::span<const float> neighbour_scores;
  size_t neighbours = 0;
  std::span<const float> neighbour_weights;  // By age of what they are neighbours of.
  // Without them, of dim 0, features of their kind are refused.
  const ItemFactors* history_regression = nullptr;
  const ItemFactors* next_regression = nullptr;
  // In serving those of the catalog; in training, where times are Unix times, those before the
  // request, which the trainer counts up between requests.
  const ItemStatistics* statistics = nullptr;
};

}  // namespace shortlist
