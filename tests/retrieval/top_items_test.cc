#include "retrieval/top_items.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(TopItems, AreThoseThatSortingAllWouldPutFirst) {
  std::mt19937_64 random(1);
  for (size_t k : {1, 2, 7, 100, 5000}) {
    std::vector<ScoredItem> all;
    TopItems top(k);
    // Few distinct scores: ties are frequent, and decided by the row.
    for (int i = 0; i < 3000; ++i) {
      all.push_back({static_cast<ItemRow>(random()), static_cast<float>(random() % 50)});
      top.Add(all.back());
    }
    std::sort(all.begin(), all.end(), RanksBefore);
    all.resize(std::min(k, all.size()));
    std::vector<ScoredItem> best = std::move(top).Take();
    ASSERT_EQ(best.size(), all.size());
    for (size_t i = 0; i < all.size(); ++i) ASSERT_EQ(best[i].item, all[i].item) << k;
  }
}

}  // namespace
}  // namespace shortlist
