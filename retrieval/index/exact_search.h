// Exact search: scores every item that passes the filter by its float vector. The oracle for
// recall, in tests, benchmarks and when an item index is built, and the judge of towers in
// training.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/parallel.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/scored_item.h"

namespace shortlist {

// min(k, items that pass) items that pass the filter, best first. `embeddings`: rows of `dim`
// floats, row-major, all finite; `query`: `dim` floats, finite.
std::vector<ScoredItem> SearchExactly(std::span<const float> embeddings, size_t dim,
                                      std::span<const float> query, const ItemFilter& filter,
                                      size_t k);

// The same for every row of `queries`, with the same answers: blocks of items are scored against
// many queries while they are in the cache, by all threads.
std::vector<std::vector<ScoredItem>> SearchExactly(std::span<const float> embeddings, size_t dim,
                                                   std::span<const float> queries,
                                                   const ItemFilter& filter, size_t k,
                                                   WorkerPool& workers);

}  // namespace shortlist
