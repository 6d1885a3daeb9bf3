#include "evaluation/ranking_metrics.h"

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

TEST(RankingMetrics, ReciprocalRankIsThatOfTheFirstRelevantItem) {
  EXPECT_DOUBLE_EQ(ReciprocalRankAt(kRanked, kRelevant, 10), 1.0 / 2);
  EXPECT_EQ(ReciprocalRankAt(kRanked, kRelevant, 1), 0);
}

TEST(RankingMetrics, AveragePrecisionIsTheMeanOfThePrecisionsAtRelevantRanks) {
  EXPECT_DOUBLE_EQ(AveragePrecisionAt(kRanked, kRelevant, 10), (1.0 / 2 + 2.0 / 4) / 3);
  // Of three relevant items only two could be among the first two.
  EXPECT_DOUBLE_EQ(AveragePrecisionAt(kRanked, kRelevant, 2), (1.0 / 2) / 2);
  EXPECT_DOUBLE_EQ(AveragePrecisionAt(std::vector<ItemRow>{9, 2, 5}, kRelevant, 10), 1);
}

// Five items; of two lists of two, item 0 is in both, 1 and 2 in one each.
const RankedLists kLists = {{0, 1, 4}, {2, 0}};
const std::vector<uint32_t> kExposure = {2, 1, 1, 0, 0};

TEST(RankingMetrics, ExposureCountsTheListsThatShowAnItemAmongTheFirst) {
  EXPECT_EQ(ExposureAt(kLists, 2, 5), kExposure);
  EXPECT_EQ(ExposureAt(kLists, 3, 5), (std::vector<uint32_t>{2, 1, 1, 0, 1}));
}

TEST(RankingMetrics, CoverageIsTheShareOfItemsShown) {
  EXPECT_DOUBLE_EQ(Coverage(kExposure), 3.0 / 5);
  EXPECT_EQ(Coverage({}), 0);
}

TEST(RankingMetrics, GiniIsHalfTheMeanDifferenceOverTheMean) {
  // Ordered 0 0 1 1 2: (-4 * 0 - 2 * 0 + 0 * 1 + 2 * 1 + 4 * 2) / (5 * 4).
  EXPECT_DOUBLE_EQ(Gini(kExposure), 10.0 / 20);
  EXPECT_EQ(Gini(std::vector<uint32_t>{3, 3, 3}), 0);
  EXPECT_DOUBLE_EQ(Gini(std::vector<uint32_t>{0, 0, 0, 8}), 3.0 / 4);
  EXPECT_EQ(Gini(std::vector<uint32_t>{0, 0}), 0);
}

TEST(RankingMetrics, NoveltyIsTheMeanSelfInformationOfWhatIsShown) {
  // Of 8 users 8 have item 0, 2 item 1, none item 2, which counts as one.
  const std::vector<uint32_t> counts = {8, 2, 0, 5, 5};
  EXPECT_DOUBLE_EQ(Novelty(kExposure, counts, 8), (2 * 0.0 + 1 * 2.0 + 1 * 3.0) / 4);
  EXPECT_EQ(Novelty(std::vector<uint32_t>{0, 0}, std::vector<uint32_t>{1, 1}, 8), 0);
  // More interactions than users: there are repeats.
  EXPECT_EQ(Novelty(std::vector<uint32_t>{1}, std::vector<uint32_t>{9}, 8), 0);
}

TEST(RankingMetrics, NothingRelevantGivesZero) {
  EXPECT_EQ(ReciprocalRankAt(kRanked, {}, 5), 0);
  EXPECT_EQ(AveragePrecisionAt(kRanked, {}, 5), 0);
  EXPECT_EQ(RecallAt(kRanked, {}, 5), 0);
  EXPECT_EQ(NdcgAt(kRanked, {}, 5), 0);
  EXPECT_EQ(HitAt({}, kRelevant, 5), 0);
}

}  // namespace
}  // namespace shortlist
