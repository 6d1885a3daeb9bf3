// A scored item as one integer, so that many are sorted by vector instructions instead of by
// comparing: ascending keys are best first, by score, equal scores by row (RanksBefore).
#pragma once

#include <bit>
#include <cstdint>

#include "retrieval/scored_item.h"

namespace shortlist {

// `score` must not be a NaN.
inline uint64_t SortKey(float score, ItemRow row) {
  const auto bits = std::bit_cast<uint32_t>(score + 0.0F);  // Minus zero equals zero.
  const uint32_t ascending = bits & 0x80000000U ? ~bits : bits | 0x80000000U;
  return uint64_t{~ascending} << 32 | row;
}

inline ScoredItem FromSortKey(uint64_t key) {
  const auto ascending = ~static_cast<uint32_t>(key >> 32);
  const uint32_t bits = ascending & 0x80000000U ? ascending & 0x7FFFFFFFU : ~ascending;
  return {static_cast<ItemRow>(key), std::bit_cast<float>(bits)};
}

}  // namespace shortlist
