// Metrics of one ranked list against the items the user really took up (the relevant ones).
// Binary relevance; definitions as in Järvelin and Kekäläinen 2002 (NDCG) and Herlocker et al.
// 2004 (recall).
#pragma once

#include <cstddef>
#include <span>

#include "absl/container/flat_hash_set.h"
#include "features/catalog.h"

namespace shortlist {

using ItemSet = absl::flat_hash_set<ItemRow>;

// Share of the relevant items among the first `cutoff`; 0 when nothing is relevant.
double RecallAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff);

// 1 if any of the first `cutoff` is relevant, otherwise 0.
double HitAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff);

// sum over relevant ranks r (from 1) up to `cutoff` of 1 / log2(1 + r), divided by the best that
// sum could be; 0 when nothing is relevant.
double NdcgAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff);

}  // namespace shortlist
