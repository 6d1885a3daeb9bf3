#include "evaluation/binary_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace shortlist {
namespace {

TEST(AucTest, IsTheShareOfPairsInTheRightOrderWithTiesCountingHalf) {
  std::mt19937 random(1);
  std::uniform_int_distribution<> any(0, 9);
  std::vector<double> scores;
  std::vector<float> labels;
  for (int i = 0; i < 200; ++i) {
    scores.push_back(any(random));
    labels.push_back(any(random) < 3 ? 1.0F : 0.0F);
  }
  double won = 0, pairs = 0;
  for (size_t p = 0; p < scores.size(); ++p)
    for (size_t n = 0; n < scores.size(); ++n) {
      if (labels[p] == 0 || labels[n] == 1) continue;
      pairs += 1;
      won += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
    }
  EXPECT_NEAR(Auc(scores, labels), won / pairs, 1e-12);
}

TEST(AucTest, IsAHalfWhenAllLabelsAreEqual) {
  EXPECT_EQ(Auc(std::vector<double>{1, 2}, std::vector<float>{1, 1}), 0.5);
  EXPECT_EQ(Auc({}, {}), 0.5);
}

TEST(AucTest, ComesToAnEndWhenAScoreIsNoNumber) {
  const double auc = Auc(std::vector<double>{NAN, 1, 2, NAN}, std::vector<float>{0, 1, 0, 1});
  EXPECT_GE(auc, 0);
  EXPECT_LE(auc, 1);
}

TEST(GroupedAucTest, ComparesWithinGroupsOnly) {
  // Each group is in perfect order; across groups the order is wrong.
  const std::vector<double> scores = {1, 2, 11, 12, 13, 20};
  const std::vector<float> labels = {0, 1, 0, 0, 1, 0};
  const std::vector<uint32_t> groups = {0, 0, 1, 1, 1, 2};
  EXPECT_LT(Auc(scores, labels), 1);
  EXPECT_EQ(GroupedAuc(scores, labels, groups), 1);
}

TEST(GroupedAucTest, WeighsGroupsByTheirExamples) {
  const std::vector<double> scores = {2, 1, 1, 2, 3, 4};  // Wrong, then right.
  const std::vector<float> labels = {0, 1, 0, 0, 1, 1};
  const std::vector<uint32_t> groups = {0, 0, 1, 1, 1, 1};
  EXPECT_NEAR(GroupedAuc(scores, labels, groups), 4.0 / 6, 1e-12);
}

TEST(ReliabilityTest, GroupsExamplesOfLikeProbability) {
  const std::vector<double> probabilities = {0.9, 0.1, 0.2, 0.8};
  const std::vector<float> labels = {1, 0, 1, 1};
  const auto bins = Reliability(probabilities, labels, 2);
  ASSERT_EQ(bins.size(), 2);
  EXPECT_EQ(bins[0].examples, 2);
  EXPECT_NEAR(bins[0].predicted, 0.15, 1e-12);
  EXPECT_NEAR(bins[0].observed, 0.5, 1e-12);
  EXPECT_NEAR(bins[1].predicted, 0.85, 1e-12);
  EXPECT_NEAR(bins[1].observed, 1, 1e-12);
  EXPECT_NEAR(ExpectedCalibrationError(bins), (0.35 + 0.15) / 2, 1e-12);
}

TEST(ReliabilityTest, ProbabilitiesThatMeanWhatTheySayHaveNoCalibrationError) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<> uniform;
  std::vector<double> probabilities;
  std::vector<float> labels;
  for (int i = 0; i < 100'000; ++i) {
    probabilities.push_back(uniform(random));
    labels.push_back(uniform(random) < probabilities.back() ? 1.0F : 0.0F);
  }
  EXPECT_LT(ExpectedCalibrationError(Reliability(probabilities, labels, 20)), 0.01);
  for (double& p : probabilities) p = p / 2;
  EXPECT_NEAR(ExpectedCalibrationError(Reliability(probabilities, labels, 20)), 0.25, 0.01);
}

}  // namespace
}  // namespace shortlist
