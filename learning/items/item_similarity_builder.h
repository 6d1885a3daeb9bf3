// Item-to-item similarity from co-occurrence in users' training sequences: how much item i of a
// history speaks for item j,
//
//   s(i, j) = sum_{u has i and j} n_u^-a k(j's place - i's place) / (n_i^b n_j^c + shrinkage)
//
// n_i: users with the item, n_u: items of the user, each of which counts once, at its last place.
// As a set k is 1. In order k(d) = d^-0.5 for what came d items later and half of that for what
// came as many earlier. With b = c = 0.5 this is the cosine of item-based collaborative filtering
// (Sarwar et al. 2001), rare pairs shrunk (Koren 2008). With c below b what is popular is held
// against the item that is looked up more than against the one that is found (Deshpande and Karypis
// 2004; Aiolli 2013).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "retrieval/item_similarity.h"

namespace shortlist {

struct ItemSimilarityOptions {
  uint32_t neighbours = 50;
  bool in_order = false;
  float user_exponent = 0.75F;  // The a.
  float from_exponent = 0.6F;   // The b.
  float to_exponent = 0.2F;     // The c.
  float shrinkage = 0;
  size_t max_user_items = 500;  // Of longer sequences the last ones count.
  // Of what it is added up over: items of a history, the latest ones, and what the one at age a,
  // from 0, weighs: (a + 1)^-age_exponent.
  size_t history = 200;
  float age_exponent = 0;
};

inline ItemSimilarityOptions SetSimilarity() { return {}; }
inline ItemSimilarityOptions SequenceSimilarity() {
  return {.in_order = true, .user_exponent = 0.5F, .history = 30, .age_exponent = 1};
}

// By age, from the latest item on.
std::vector<float> WeightsByAge(const ItemSimilarityOptions& options);

ItemSimilarityData BuildItemSimilarity(const Dataset& dataset,
                                       std::span<const UserSequence> sequences,
                                       const ItemSimilarityOptions& options, WorkerPool& pool);

}  // namespace shortlist
