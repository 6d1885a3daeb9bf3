#include "retrieval/index/exact_search.h"

#include <algorithm>

#include "common/background/pace.h"
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

std::vector<std::vector<ScoredItem>> SearchExactly(std::span<const float> embeddings, size_t dim,
                                                   std::span<const float> queries,
                                                   const ItemFilter& filter, size_t k,
                                                   WorkerPool& workers) {
  constexpr size_t kQueriesAtOnce = 32;
  const auto item_count = static_cast<uint32_t>(embeddings.size() / dim);
  const size_t query_count = queries.size() / dim;
  std::vector<std::vector<ScoredItem>> results(query_count);
  k = std::min<size_t>(k, filter.PassingCount(item_count));
  if (k == 0) return results;
  workers.ForEach((query_count + kQueriesAtOnce - 1) / kQueriesAtOnce, [&](size_t batch) {
    const size_t begin = batch * kQueriesAtOnce;
    const size_t count = std::min(kQueriesAtOnce, query_count - begin);
    std::vector<TopItems> top(count, TopItems(k));
    std::vector<float> scores(count);
    filter.ForEachPassing(item_count, [&](ItemRow row) {
      if (row % Pace::kRows == 0) Pace::Keep();
      DotProducts(embeddings.data() + row * dim, queries.data() + begin * dim, count, dim,
                  scores.data());
      for (size_t q = 0; q < count; ++q) top[q].Add({row, scores[q]});
    });
    for (size_t q = 0; q < count; ++q) results[begin + q] = std::move(top[q]).Take();
  });
  return results;
}

}  // namespace shortlist
