#include "learning/ranker/liked_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "evaluation/binary_metrics.h"
#include "tests/support/synthetic_dataset.h"

namespace shortlist {
namespace {

constexpr uint32_t kWidth = 6;
constexpr uint64_t kFingerprint = 77;
// Log-odds of liking, of a number, of two of five values, and of nothing.
constexpr double kTruth[] = {1.0, 0, 0, 1.5, -1.5, 0};
constexpr double kBias = 0.5;
const std::vector<float> kPenalties(kWidth, 1);

double TrueLogit(std::span<const FeatureValue> values) {
  double logit = kBias;
  for (const FeatureValue& value : values) logit += kTruth[value.index] * double{value.value};
  return logit;
}

// Interactions of 600 requests, ten each.
LabelledExamples MadeUp(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<double> uniform;
  LabelledExamples examples;
  for (uint32_t i = 0; i < 6'000; ++i) {
    const std::vector<FeatureValue> values = {{0, normal(random)},
                                              {static_cast<uint32_t>(1 + random() % 5), 1}};
    examples.Add(values, uniform(random) < Sigmoid(TrueLogit(values)) ? 1.0F : 0.0F, 1, 1, i / 10);
  }
  return examples;
}

class LikedHeadTest : public testing::Test {
 protected:
  LikedHead Train(const LabelledExamples& examples) {
    auto head = TrainLikedHead(examples, 4, kPenalties, kFingerprint, pool_);
    EXPECT_TRUE(head.ok()) << head.status();
    return *std::move(head);
  }
  static double Probability(const LogisticWeights& weights, std::span<const FeatureValue> values) {
    double logit = double{weights.bias};
    for (const FeatureValue& value : values)
      logit += double{weights.weights[value.index]} * double{value.value};
    return Sigmoid(double{weights.calibration_slope} * logit + double{weights.calibration_offset});
  }
  WorkerPool pool_{1};
};

TEST_F(LikedHeadTest, LearnsAPlantedPreference) {
  const LikedHead head = Train(MadeUp(1));
  const std::vector<float>& weights = head.weights.weights;
  ASSERT_EQ(weights.size(), kWidth);
  EXPECT_NEAR(weights[0], 1, 0.15);
  EXPECT_NEAR(weights[3] - weights[1], 1.5, 0.3);
  EXPECT_NEAR(weights[4] - weights[1], -1.5, 0.3);
  EXPECT_NEAR(weights[2] - weights[1], 0, 0.3);
  EXPECT_LT(head.log_loss, head.base_log_loss - 0.1);
  EXPECT_EQ(head.weights.spec_fingerprint, kFingerprint);
  EXPECT_EQ(head.examples, 6'000);
  EXPECT_GT(head.liked, 3'000);
}

TEST_F(LikedHeadTest, ProbabilitiesOfNewInteractionsMeanWhatTheySay) {
  const LikedHead head = Train(MadeUp(1));
  const LabelledExamples fresh = MadeUp(2);
  std::vector<double> probabilities;
  for (size_t i = 0; i < fresh.size(); ++i)
    probabilities.push_back(Probability(head.weights, fresh[i]));
  EXPECT_LT(ExpectedCalibrationError(Reliability(probabilities, fresh.labels, 10)), 0.03);
  double off = 0;
  for (size_t i = 0; i < fresh.size(); ++i)
    off += std::abs(probabilities[i] - Sigmoid(TrueLogit(fresh[i]))) / 6'000;
  EXPECT_LT(off, 0.03);
}

TEST_F(LikedHeadTest, IsRefusedWhereAllOrNoneAreLiked) {
  for (const float label : {0.0F, 1.0F}) {
    LabelledExamples examples = MadeUp(1);
    examples.labels.assign(examples.size(), label);
    const auto head = TrainLikedHead(examples, 4, kPenalties, kFingerprint, pool_);
    EXPECT_EQ(head.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(head.status().message()),
                testing::HasSubstr(label > 0 ? "each of 6000" : "none of 6000"));
  }
}

TEST_F(LikedHeadTest, DataWhoseValuesTellNothingApartIsRefusedBeforeTheLongWork) {
  Dataset dataset = MakeSyntheticDataset();
  EXPECT_TRUE(CheckLikedValues(dataset, 4).ok());
  EXPECT_THAT(std::string(CheckLikedValues(dataset, 3).message()),
              testing::HasSubstr("each of 1920 interactions has a value of at least 3"));
  for (DatasetInteraction& interaction : dataset.interactions) interaction.value = 0;
  EXPECT_THAT(std::string(CheckLikedValues(dataset, 4).message()),
              testing::HasSubstr("none of 1920 interactions has a value of at least 4"));
}

}  // namespace
}  // namespace shortlist
