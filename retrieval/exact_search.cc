#include "retrieval/exact_search.h"

#include <algorithm>

#include "common/vector_kernels.h"
#include "retrieval/top_items.h"

namespace shortlist {

std::vector<ScoredItem> SearchExactly(std::span<const float> embeddings, size_t dim,
                                      std::span<const float> query, const ItemFilter& filter,
                                      size_t k) {
  auto item_count = static_cast<uint32_t>(embeddings.size() / dim);
  k = std::min<size_t>(k, filter.PassingCount(item_count));
  if (k == 0) return {};
  TopItems top(k);
  filter.ForEachPassing(item_count, [&](ItemRow row) {
    top.Add({row, DotProduct(query.data(), embeddings.data() + row * dim, dim)});
  });
  return std::move(top).Take();
}

}  // namespace shortlist
