#include "evaluation/quality/ranker_quality.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ranking/log_loss.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(BestItems, AreThoseOfTheLargestKeysEqualOnesAsTheyStand) {
  const std::vector<Candidate> candidates = {{.item = 7}, {.item = 3}, {.item = 9}, {.item = 1}};
  EXPECT_THAT(BestItems(candidates, std::vector<double>{0.5, 2, 0.5, 0.5}, 3),
              ElementsAre(3, 7, 9));
  EXPECT_THAT(BestItems(candidates, std::vector<double>{1, 2, 3, 4}, 9), ElementsAre(1, 9, 3, 7));
}

TEST(UsersToJudgeBy, HaveAValidationAndATestPart) {
  const std::vector<UserSequence> sequences = {
      {0, 1, 2, 3}, {3, 4, 4, 5}, {5, 6, 7, 7}, {7, 7, 8, 9}};
  EXPECT_THAT(UsersToJudgeBy(sequences, {}), ElementsAre(0, 3));
  EXPECT_EQ(UsersToJudgeBy(sequences, {.max_requests = 1}).size(), 1u);
}

class RankerQualityTest : public ::testing::Test {
 protected:
  std::vector<RankerQuality> Measure(std::span<const RankerVariant> variants,
                                     std::span<const UserSequence> sequences) {
    WorkerPool pool(2);
    return MeasureRankers(models_.dataset(), sequences, *models_.bundle(), variants,
                          {.candidates = 60}, pool);
  }

  const TestModels& models_ = SharedTestModels();
  const std::vector<UserSequence> sequences_ = SplitPerUser(models_.dataset(), 0.1, 0.1);
};

TEST_F(RankerQualityTest, OfARankerThatSaysTheSameOfAllIsThatOfChance) {
  LogisticWeights constant = models_.bundle()->ranker->weights();
  std::fill(constant.weights.begin(), constant.weights.end(), 0.0F);
  constant.bias = std::log(3.0F);
  constant.calibration_slope = 1;
  constant.calibration_offset = 0;
  const std::vector<RankerVariant> variants = {{kWholeRanker, models_.bundle()->ranker->weights()},
                                               {"constant", constant}};
  const std::vector<RankerQuality> measured = Measure(variants, sequences_);
  ASSERT_EQ(measured.size(), 2u);
  EXPECT_EQ(measured[0].name, kWholeRanker);
  EXPECT_GT(measured[0].auc, 0.6);
  EXPECT_GT(measured[0].ndcg, measured[1].ndcg);
  EXPECT_EQ(measured[1].auc, 0.5);
  EXPECT_EQ(measured[1].gauc, 0.5);
  // Of the share of positives s, at the probability 3/4, the loss is known.
  double examples = 0, positives = 0;
  for (const ReliabilityBin& bin : measured[1].reliability) {
    examples += static_cast<double>(bin.examples);
    positives += bin.observed * static_cast<double>(bin.examples);
  }
  const double share = positives / examples;
  EXPECT_NEAR(measured[1].log_loss,
              share * LogLoss(std::log(3), 1) + (1 - share) * LogLoss(std::log(3), 0), 1e-6);
}

TEST_F(RankerQualityTest, IsNoneWhereNobodyHasATestPart) {
  const std::vector<RankerVariant> variants = {{kWholeRanker, models_.bundle()->ranker->weights()}};
  EXPECT_TRUE(Measure(variants, WithoutHoldout(sequences_)).empty());
}

TEST(RankersReport, HasARowARankerAndTheReliabilityOfTheFirst) {
  const std::vector<RankerQuality> rankers = {
      {.name = "two_stage", .auc = 0.75, .ndcg = 0.5, .reliability = {{10, 0.25, 0.5}}},
      {.name = "x", .auc = 0.5}};
  EXPECT_EQ(FormatRankers(rankers),
            "            ndcg@10       auc      gauc  log loss       ece\n"
            "two_stage    0.5000    0.7500    0.0000   0.00000   0.00000\n"
            "x            0.0000    0.5000    0.0000   0.00000   0.00000\n");
}

}  // namespace
}  // namespace shortlist
