#include "evaluation/quality/liked_quality.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

class LikedQualityTest : public ::testing::Test {
 protected:
  LikedQuality Measure(std::span<const UserSequence> sequences, float liked_value,
                       std::span<const float> worths) {
    WorkerPool pool(2);
    return MeasureLikedHead(models_.dataset(), sequences, *models_.bundle(), liked_value, worths,
                            {.candidates = 120}, pool);
  }

  const TestModels& models_ = SharedTestModels();
  const std::vector<UserSequence> sequences_ = SplitPerUser(models_.dataset(), 0.1, 0.1);
};

TEST_F(LikedQualityTest, WhereALikedItemIsWorthNoMoreTheOrderIsTheRankers) {
  const LikedQuality quality = Measure(sequences_, 4, std::vector<float>{0});
  WorkerPool pool(2);
  const std::vector<RankerVariant> ranker = {{kWholeRanker, models_.bundle()->ranker->weights()}};
  const std::vector<RankerQuality> expected = MeasureRankers(
      models_.dataset(), sequences_, *models_.bundle(), ranker, {.candidates = 120}, pool);
  ASSERT_EQ(quality.values.size(), 1u);
  EXPECT_NEAR(quality.values[0].ndcg, expected[0].ndcg, 1e-6);
}

TEST_F(LikedQualityTest, WhereEverythingIsLikedThereIsNothingToTell) {
  const LikedQuality quality = Measure(sequences_, 0, std::vector<float>{3});
  EXPECT_GT(quality.examples, 0u);
  EXPECT_EQ(quality.liked_share, 1);
  EXPECT_EQ(quality.auc, 0.5);
  EXPECT_DOUBLE_EQ(quality.values[0].ndcg, quality.values[0].liked_ndcg);
}

TEST_F(LikedQualityTest, TellsLikedFromOthersAndValuesHitsByTheirRatings) {
  const LikedQuality quality = Measure(sequences_, 4, std::vector<float>{0, 100});
  EXPECT_GT(quality.liked_share, 0);
  EXPECT_LT(quality.liked_share, 1);
  EXPECT_GT(quality.auc, 0.5);
  ASSERT_EQ(quality.values.size(), 2u);
  // What liking is worth changes the order. Ratings are 3 and 5.
  EXPECT_NE(quality.values[1].ndcg, quality.values[0].ndcg);
  for (const ValueQuality& value : quality.values) {
    EXPECT_GT(value.mean_value, 3);
    EXPECT_LT(value.mean_value, 5);
  }
}

TEST_F(LikedQualityTest, HasNoExamplesWhereNobodyHasATestPart) {
  const LikedQuality quality = Measure(WithoutHoldout(sequences_), 4, std::vector<float>{1});
  EXPECT_EQ(quality.examples, 0u);
  EXPECT_EQ(quality.values[0].hits, 0);
}

TEST(LikedQualityReport, HasTheHeadAndARowAValueFunction) {
  LikedQuality quality{.examples = 8, .liked_share = 0.25, .auc = 0.75};
  EXPECT_EQ(FormatLikedQuality(quality),
            "8 candidates taken up, 25.0 % of them liked\n"
            "     auc      gauc  log loss  of the share alone       ece\n"
            "  0.7500    0.0000   0.00000             0.00000   0.00000\n");
  quality.values = {{.liked_worth = 3, .ndcg = 0.5, .hits = 2, .mean_value = 4.5}};
  EXPECT_THAT(FormatLikedQuality(quality),
              ::testing::EndsWith("          3    0.5000            0.0000     2.000               "
                                  "4.500\n"));
}

}  // namespace
}  // namespace shortlist
