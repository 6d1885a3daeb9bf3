#include "learning/ranker/ftrl_proximal.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

// The first example has probability 1/2 and label 1, so that the gradient by feature 0, of value 2,
// is -1, and by the bias -1/2; then w = -(z -+ l1) / ((beta + sqrt(n)) / alpha + l2).
TEST(FtrlProximal, TakesTheStepComputedByHand) {
  FtrlProximal learner(2, {.alpha = 0.5, .beta = 1, .l1 = 0.25, .l2 = 1});
  const std::vector<FeatureValue> features = {{0, 2}};
  EXPECT_DOUBLE_EQ(learner.Learn(features, 1), std::log(2));
  EXPECT_DOUBLE_EQ(learner.Weight(0), 0.75 / (2 / 0.5 + 1));
  EXPECT_DOUBLE_EQ(learner.Weight(1), 0);
  // The bias is free of both penalties.
  EXPECT_DOUBLE_EQ(learner.bias(), 0.5 / (1.5 / 0.5));
  EXPECT_DOUBLE_EQ(learner.Logit(features), learner.bias() + 2 * learner.Weight(0));
}

TEST(FtrlProximal, LeavesWhatIsNotWorthItsPenaltyAtZero) {
  FtrlProximal learner(1, {.l1 = 1.5});
  learner.Learn(std::vector<FeatureValue>{{0, 2}}, 1);  // |z| = 1.
  EXPECT_EQ(learner.Weight(0), 0);
  EXPECT_GT(learner.bias(), 0);
}

TEST(FtrlProximal, StartsFromTheBiasAndWeighsTheLoss) {
  FtrlProximal learner(1, {}, /*bias=*/std::log(3));
  EXPECT_DOUBLE_EQ(learner.Logit({}), std::log(3));
  EXPECT_NEAR(learner.Learn({}, 0, 2), 2 * std::log(4), 1e-12);  // The probability was 3/4.
}

TEST(FtrlProximal, ForgetsAnExampleOfWeightZero) {
  FtrlProximal learner(1, {});
  EXPECT_EQ(learner.Learn(std::vector<FeatureValue>{{0, 1}}, 1, 0), 0);
  EXPECT_EQ(learner.Weight(0), 0);
  EXPECT_EQ(learner.bias(), 0);
}

}  // namespace
}  // namespace shortlist
