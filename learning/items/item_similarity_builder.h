// Item-to-item similarity from co-occurrence in users' training sequences.
//
//   s(i, j) = sum_{u has i and j} w_u / (sqrt(n_i n_j) + shrinkage),  w_u = 1 / log2(1 + n_u)
//
// n_i: users with the item, n_u: items of the user. The cosine of item-based collaborative
// filtering (Sarwar et al. 2001), users weighed by how choosy they are (Breese et al. 1998) and
// rare pairs shrunk (Koren 2008).
#pragma once

#include <cstddef>
#include <span>

#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "retrieval/item_similarity.h"

namespace shortlist {

struct ItemSimilarityOptions {
  uint32_t neighbours = 50;
  float shrinkage = 5;
  size_t max_user_items = 500;  // Of longer sequences the last ones count.
};

ItemSimilarityData BuildItemSimilarity(const Dataset& dataset,
                                       std::span<const UserSequence> sequences,
                                       const ItemSimilarityOptions& options, WorkerPool& pool);

}  // namespace shortlist
