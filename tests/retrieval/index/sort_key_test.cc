#include "retrieval/index/sort_key.h"

#include <cstddef>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

const std::vector<float> kScores = {
    -std::numeric_limits<float>::infinity(), -3, -1e-40F, 0, 1e-40F, 0.5F, 3,
    std::numeric_limits<float>::infinity()};

TEST(SortKey, AscendsAsItemsRank) {
  std::vector<ScoredItem> items;
  for (float score : kScores)
    for (ItemRow row : {0U, 1U, 0xFFFFFFFEU}) items.push_back({row, score});
  for (const ScoredItem& a : items)
    for (const ScoredItem& b : items)
      EXPECT_EQ(SortKey(a.score, a.item) < SortKey(b.score, b.item), RanksBefore(a, b))
          << a.score << " at " << a.item << ", " << b.score << " at " << b.item;
}

TEST(SortKey, GivesTheItemBack) {
  for (float score : kScores)
    EXPECT_EQ(FromSortKey(SortKey(score, 12345)), (ScoredItem{12345, score}));
}

TEST(SortKey, MinusZeroEqualsZero) { EXPECT_EQ(SortKey(-0.0F, 3), SortKey(0.0F, 3)); }

}  // namespace
}  // namespace shortlist
