// An item found by a search, and the order of search results.
#pragma once

#include "features/catalog.h"

namespace shortlist {

struct ScoredItem {
  ItemRow item;
  float score;  // Inner product of query and embedding.

  bool operator==(const ScoredItem&) const = default;
};

// Best first: by score, equal scores by row.
inline bool RanksBefore(const ScoredItem& a, const ScoredItem& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

}  // namespace shortlist
