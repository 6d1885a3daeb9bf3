// One order of items out of two, by what places they have in each: reciprocal-rank fusion (Cormack,
// Clarke and Buettcher, SIGIR 2009). Scores of different kinds need not be made comparable for it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "retrieval/scored_item.h"

namespace shortlist {

// How much the first places count above later ones: the paper's value.
inline constexpr float kFusionOffset = 60;

// The best k. An item at place r of a list, from 1, has 1 / (60 + r) from it; its score is the sum
// over both lists, as a share of what the first of both has: above 0, up to 1. Lists are best first
// and have no item twice; one that is empty leaves the other's order.
std::vector<ScoredItem> FuseRanks(std::span<const ScoredItem> first,
                                  std::span<const ScoredItem> second, size_t k);

}  // namespace shortlist
