#include "retrieval/rank_fusion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace shortlist {
namespace {

using ::testing::IsEmpty;

std::vector<ItemRow> RowsOf(const std::vector<ScoredItem>& items) {
  std::vector<ItemRow> rows;
  for (const ScoredItem& item : items) rows.push_back(item.item);
  return rows;
}

TEST(RankFusion, SumsReciprocalsOfThePlacesAndTheFirstOfBothHasOne) {
  const std::vector<ScoredItem> taste = {{7, 0.9F}, {3, 0.8F}, {5, 0.1F}};
  const std::vector<ScoredItem> content = {{7, 0.3F}, {9, 0.2F}, {3, 0.1F}};
  const std::vector<ScoredItem> fused = FuseRanks(taste, content, 10);
  ASSERT_EQ(fused.size(), 4u);
  EXPECT_EQ(RowsOf(fused), (std::vector<ItemRow>{7, 3, 9, 5}));
  EXPECT_NEAR(fused[0].score, 1, 1e-6);
  EXPECT_NEAR(fused[1].score, 61.0 / 2 * (1.0 / 62 + 1.0 / 63), 1e-6);
  EXPECT_NEAR(fused[2].score, 61.0 / 2 / 62, 1e-6);
  EXPECT_NEAR(fused[3].score, 61.0 / 2 / 63, 1e-6);
  EXPECT_EQ(FuseRanks(content, taste, 10), fused);
  EXPECT_EQ(RowsOf(FuseRanks(taste, content, 2)), (std::vector<ItemRow>{7, 3}));
}

TEST(RankFusion, OfEqualOnesTheLowerRowIsFirst) {
  const std::vector<ScoredItem> taste = {{9, 0.9F}, {5, 0.8F}};
  const std::vector<ScoredItem> content = {{3, 0.9F}, {4, 0.8F}};
  EXPECT_EQ(RowsOf(FuseRanks(taste, content, 10)), (std::vector<ItemRow>{3, 9, 4, 5}));
  EXPECT_EQ(RowsOf(FuseRanks(content, taste, 3)), (std::vector<ItemRow>{3, 9, 4}));
}

TEST(RankFusion, KeepsTheOrderOfOneListWhereTheOtherIsEmpty) {
  const std::vector<ScoredItem> list = {{7, 0.9F}, {3, 0.8F}, {5, 0.1F}};
  EXPECT_EQ(RowsOf(FuseRanks(list, {}, 3)), (std::vector<ItemRow>{7, 3, 5}));
  EXPECT_EQ(RowsOf(FuseRanks({}, list, 1)), (std::vector<ItemRow>{7}));
  EXPECT_THAT(FuseRanks({}, {}, 3), IsEmpty());
}

}  // namespace
}  // namespace shortlist
