// Metrics of ranked lists against the items that users really took up (the relevant ones). Binary
// relevance. docs/evaluation.md has the definitions with their sources.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "features/catalog.h"

namespace shortlist {

using ItemSet = absl::flat_hash_set<ItemRow>;

// Of one list, best first and no item twice; what is behind the first `cutoff` does not count. All
// are 0 when nothing is relevant.

// Share of the relevant items among the first (Herlocker et al. 2004).
double RecallAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff);

// 1 if any of the first is relevant, otherwise 0.
double HitAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff);

// sum over relevant ranks r (from 1) of 1 / log2(1 + r), divided by the best that sum could be
// (Järvelin and Kekäläinen 2002).
double NdcgAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff);

// 1 / the rank of the first relevant item (Voorhees 1999).
double ReciprocalRankAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff);

// Mean over the relevant items, or over the first `cutoff` of them where there are more, of the
// precision at their ranks; what is not among the first counts as 0 (Manning et al. 2008, 8.4).
double AveragePrecisionAt(std::span<const ItemRow> ranked, const ItemSet& relevant, size_t cutoff);

// Of all lists together. `lists`: one a user.
using RankedLists = std::vector<std::vector<ItemRow>>;

// How often each of `items` items is among the first `cutoff` of a list.
std::vector<uint32_t> ExposureAt(const RankedLists& lists, size_t cutoff, size_t items);

// Share of the items that are exposed at all (Herlocker et al. 2004); 0 without items.
double Coverage(std::span<const uint32_t> exposure);

// Gini coefficient of the exposure over all items: 0 when all are shown equally often, near 1 when
// few have everything (Fleder and Hosanagar 2009). 0 when nothing is shown.
double Gini(std::span<const uint32_t> exposure);

// Mean over everything shown of log2(users / interactions with the item, between one and the number
// of users): the self-information of Zhou et al. 2010 where nobody has an item twice. `counts`:
// interactions by item. 0 when nothing is shown.
double Novelty(std::span<const uint32_t> exposure, std::span<const uint32_t> counts, size_t users);

}  // namespace shortlist
