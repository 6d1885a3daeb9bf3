#include "learning/items/item_similarity_builder.h"

#include <algorithm>
#include <cmath>

#include "learning/items/interaction_matrix.h"

namespace shortlist {
ItemSimilarityData BuildItemSimilarity(const Dataset& dataset,
                                       std::span<const UserSequence> sequences,
                                       const ItemSimilarityOptions& options, WorkerPool& pool) {
  const size_t items = dataset.items.ids.size();
  const size_t width = options.neighbours;
  const InteractionMatrix items_of = ItemsOfUsers(dataset, sequences, options.max_user_items);
  const InteractionMatrix users_of = Transposed(items_of, items);
  ItemSimilarityData data{.neighbours = options.neighbours,
                          .items = std::vector<ItemRow>(items * width, kNoItem),
                          .scores = std::vector<float>(items * width, 0)};
  // More ranges than threads, since popular items take longer.
  const size_t ranges = pool.threads() * 16;
  pool.ForEach(ranges, [&](size_t range) {
    std::vector<float> sums(items, 0);
    std::vector<ItemRow> touched;
    for (size_t item = items * range / ranges; item < items * (range + 1) / ranges; ++item) {
      for (uint32_t user : users_of[item]) {
        const auto others = items_of[user];
        const float weight = 1.0F / std::log2(1.0F + static_cast<float>(others.size()));
        for (ItemRow other : others) {
          if (other == item) continue;
          if (sums[other] == 0) touched.push_back(other);
          sums[other] += weight;
        }
      }
      const auto count = static_cast<float>(users_of[item].size());
      for (ItemRow other : touched)
        sums[other] /=
            std::sqrt(count * static_cast<float>(users_of[other].size())) + options.shrinkage;
      const size_t kept = std::min(width, touched.size());
      std::partial_sort(
          touched.begin(), touched.begin() + static_cast<ptrdiff_t>(kept), touched.end(),
          [&](ItemRow a, ItemRow b) { return sums[a] != sums[b] ? sums[a] > sums[b] : a < b; });
      for (size_t n = 0; n < kept; ++n) {
        data.items[item * width + n] = touched[n];
        data.scores[item * width + n] = sums[touched[n]];
      }
      for (ItemRow other : touched) sums[other] = 0;
      touched.clear();
    }
  });
  return data;
}

}  // namespace shortlist
