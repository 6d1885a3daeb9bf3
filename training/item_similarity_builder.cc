#include "training/item_similarity_builder.h"

#include <algorithm>
#include <cmath>

namespace shortlist {
namespace {

// Lists in CSR form: list i is values[offsets[i], offsets[i + 1]).
struct Lists {
  std::vector<size_t> offsets = {0};
  std::vector<uint32_t> values;

  std::span<const uint32_t> operator[](size_t i) const {
    return {values.data() + offsets[i], values.data() + offsets[i + 1]};
  }
};

Lists ItemsOfUsers(const Dataset& dataset, std::span<const UserSequence> sequences,
                   size_t max_user_items) {
  Lists lists;
  for (const UserSequence& sequence : sequences) {
    const size_t length = std::min(sequence.train_end - sequence.begin, max_user_items);
    const auto begin = static_cast<ptrdiff_t>(lists.values.size());
    for (size_t i = sequence.train_end - length; i < sequence.train_end; ++i)
      lists.values.push_back(dataset.interactions[i].item);
    std::sort(lists.values.begin() + begin, lists.values.end());
    lists.values.erase(std::unique(lists.values.begin() + begin, lists.values.end()),
                       lists.values.end());
    lists.offsets.push_back(lists.values.size());
  }
  return lists;
}

Lists UsersOfItems(const Lists& items_of_users, size_t items) {
  Lists lists;
  lists.offsets.assign(items + 1, 0);
  for (uint32_t item : items_of_users.values) ++lists.offsets[item + 1];
  for (size_t i = 0; i < items; ++i) lists.offsets[i + 1] += lists.offsets[i];
  lists.values.resize(items_of_users.values.size());
  std::vector<size_t> next(lists.offsets.begin(), lists.offsets.end() - 1);
  for (uint32_t user = 0; user + 1 < items_of_users.offsets.size(); ++user)
    for (uint32_t item : items_of_users[user]) lists.values[next[item]++] = user;
  return lists;
}

}  // namespace

ItemSimilarityData BuildItemSimilarity(const Dataset& dataset,
                                       std::span<const UserSequence> sequences,
                                       const ItemSimilarityOptions& options, WorkerPool& pool) {
  const size_t items = dataset.items.ids.size();
  const size_t width = options.neighbours;
  const Lists items_of = ItemsOfUsers(dataset, sequences, options.max_user_items);
  const Lists users_of = UsersOfItems(items_of, items);
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
