#include "training/ranking_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace shortlist {
namespace {

// Relevant: 2, 5, 9; ranked second and fourth: 5 and 2.
const std::vector<ItemRow> kRanked = {7, 5, 1, 2, 8};
const ItemSet kRelevant = {2, 5, 9};

TEST(RankingMetrics, RecallIsTheShareOfRelevantItemsAmongTheFirst) {
  EXPECT_DOUBLE_EQ(RecallAt(kRanked, kRelevant, 1), 0);
  EXPECT_DOUBLE_EQ(RecallAt(kRanked, kRelevant, 2), 1.0 / 3);
  EXPECT_DOUBLE_EQ(RecallAt(kRanked, kRelevant, 5), 2.0 / 3);
  EXPECT_DOUBLE_EQ(RecallAt(kRanked, kRelevant, 100), 2.0 / 3);
}

TEST(RankingMetrics, HitIsOneAsSoonAsAnythingRelevantIsAmongTheFirst) {
  EXPECT_EQ(HitAt(kRanked, kRelevant, 1), 0);
  EXPECT_EQ(HitAt(kRanked, kRelevant, 2), 1);
}

TEST(RankingMetrics, NdcgDiscountsByTheLogarithmOfTheRank) {
  const double ideal = 1 + 1 / std::log2(3) + 1 / std::log2(4);
  EXPECT_DOUBLE_EQ(NdcgAt(kRanked, kRelevant, 10), (1 / std::log2(3) + 1 / std::log2(5)) / ideal);
  EXPECT_DOUBLE_EQ(NdcgAt(kRanked, kRelevant, 2), (1 / std::log2(3)) / (1 + 1 / std::log2(3)));
  EXPECT_DOUBLE_EQ(NdcgAt(std::vector<ItemRow>{9, 2, 5}, kRelevant, 10), 1);
}

TEST(RankingMetrics, NothingRelevantGivesZero) {
  EXPECT_EQ(RecallAt(kRanked, {}, 5), 0);
  EXPECT_EQ(NdcgAt(kRanked, {}, 5), 0);
  EXPECT_EQ(HitAt({}, kRelevant, 5), 0);
}

}  // namespace
}  // namespace shortlist
