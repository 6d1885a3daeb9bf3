#include "ranking/logistic_ranker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "model/bundle.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"

namespace shortlist {
namespace {

class LogisticRankerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    models_ = new TemporaryFolder;
    PublishTestBundle(MakeSyntheticDataset(), models_->path());
    bundle_ = new std::shared_ptr<const Bundle>(LoadCurrentBundle(models_->path()).value());
  }
  static void TearDownTestSuite() {
    delete bundle_;
    delete models_;
  }
  const Bundle& bundle() const { return **bundle_; }
  const FeatureExtractor& extractor() const { return *bundle().extractor; }

  std::vector<Candidate> Candidates() const {
    return bundle().candidates->Generate(user_, context_, {}, 20);
  }
  // Weights that differ from one another.
  LogisticWeights Weights() const {
    LogisticWeights weights{.spec_fingerprint = extractor().spec().Fingerprint(), .bias = 0.25F};
    for (uint32_t i = 0; i < extractor().width(); ++i)
      weights.weights.push_back(0.01F * static_cast<float>(i % 17) - 0.05F);
    return weights;
  }
  absl::Status OpenStatus(const LogisticWeights& weights) const {
    const std::filesystem::path path = models_->path() / "test_ranker.arr";
    EXPECT_TRUE(WriteLogisticWeights(weights, path).ok());
    return LogisticRanker::Open(path, extractor()).status();
  }

  static TemporaryFolder* models_;
  static std::shared_ptr<const Bundle>* bundle_;
  const UserState user_{.user = 2, .attribute_codes = {0}, .history = {{8, 0, 4}, {12, 0, 4}}};
  const ContextState context_{.time_ms = 0, .attribute_codes = {13}};
};
TemporaryFolder* LogisticRankerTest::models_ = nullptr;
std::shared_ptr<const Bundle>* LogisticRankerTest::bundle_ = nullptr;

TEST_F(LogisticRankerTest, ScoreIsTheBiasPlusWeightsTimesFeatures) {
  const LogisticWeights weights = Weights();
  const LogisticRanker ranker(weights, extractor());
  const auto candidates = Candidates();
  std::vector<float> scores(candidates.size());
  ranker.Score(user_, context_, candidates, scores);
  const auto request = extractor().Begin(user_, context_, candidates);
  std::vector<FeatureValue> values;
  for (size_t i = 0; i < candidates.size(); ++i) {
    extractor().Compute(request, i, values);
    double expected = 0.25;
    for (const FeatureValue& value : values)
      expected += double{weights.weights[value.index]} * value.value;
    EXPECT_NEAR(scores[i], expected, 1e-5);
  }
}

TEST_F(LogisticRankerTest, ProbabilityIsTheCalibratedLogistic) {
  LogisticWeights weights = Weights();
  weights.calibration_slope = 2;
  weights.calibration_offset = -1;
  const LogisticRanker ranker(weights, extractor());
  EXPECT_FLOAT_EQ(ranker.Probability(0.5F), 0.5F);
  EXPECT_NEAR(ranker.Probability(1.5F), 1 / (1 + std::exp(-2.0)), 1e-6);
}

TEST_F(LogisticRankerTest, ContributionsSumToTheScoreAndComeLargestFirst) {
  const LogisticRanker ranker(Weights(), extractor());
  const auto candidates = Candidates();
  std::vector<float> scores(candidates.size());
  ranker.Score(user_, context_, candidates, scores);
  const std::vector<size_t> positions = {0, 7, 19};
  const auto explanations = ranker.Explain(user_, context_, candidates, positions);
  ASSERT_EQ(explanations.size(), 3);
  for (size_t e = 0; e < positions.size(); ++e) {
    double sum = 0;
    float previous = INFINITY;
    for (const FeatureContribution& part : explanations[e]) {
      sum += part.contribution;
      EXPECT_LE(std::abs(part.contribution), previous);
      previous = std::abs(part.contribution);
    }
    EXPECT_NEAR(sum, scores[positions[e]], 1e-5);
  }
}

TEST_F(LogisticRankerTest, WeightsThatAreNotFiniteAreRefused) {
  for (const float bad : {NAN, INFINITY}) {
    LogisticWeights weights = Weights();
    weights.weights[3] = bad;
    EXPECT_THAT(std::string(OpenStatus(weights).message()), testing::HasSubstr("not finite"));
    weights = Weights();
    weights.bias = bad;
    EXPECT_THAT(std::string(OpenStatus(weights).message()), testing::HasSubstr("not finite"));
  }
}

TEST_F(LogisticRankerTest, WeightsOfAnotherSpecAreRefused) {
  LogisticWeights weights = Weights();
  weights.spec_fingerprint ^= 1;
  EXPECT_THAT(std::string(OpenStatus(weights).message()), testing::HasSubstr("another feature"));
  weights = Weights();
  weights.weights.pop_back();
  EXPECT_THAT(std::string(OpenStatus(weights).message()), testing::HasSubstr("weights instead"));
  EXPECT_TRUE(OpenStatus(Weights()).ok());
}

}  // namespace
}  // namespace shortlist
