// Exact search: scores every item that passes the filter. The oracle for recall, and the way to
// search small or heavily filtered catalogs.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "retrieval/item_filter.h"
#include "retrieval/scored_item.h"

namespace shortlist {

// min(k, items that pass) items that pass the filter, best first. `embeddings`: rows of `dim`
// floats, row-major, all finite; `query`: `dim` floats, finite.
std::vector<ScoredItem> SearchExactly(std::span<const float> embeddings, size_t dim,
                                      std::span<const float> query, const ItemFilter& filter,
                                      size_t k);

}  // namespace shortlist
