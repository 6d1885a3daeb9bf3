#include "learning/ranker/logistic_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

#include "learning/ranker/ftrl_proximal.h"

namespace shortlist {
namespace {

constexpr uint32_t kFitWidth = 12;

// Sparse vectors with labels drawn from a logistic model; features 0 to 5 matter, the others do
// not.
LabelledExamples MakeExamples(size_t count) {
  LabelledExamples examples;
  std::mt19937_64 random(5);
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<> uniform;
  for (size_t i = 0; i < count; ++i) {
    std::vector<FeatureValue> values;
    double logit = -1;
    for (uint32_t f = 0; f < kFitWidth; ++f) {
      if (uniform(random) < 0.5) continue;
      values.push_back({f, normal(random)});
      if (f < 6) logit += (f % 2 == 0 ? 0.8 : -0.5) * values.back().value;
    }
    const float weight = i % 3 == 0 ? 2 : 1;
    examples.Add(values, uniform(random) < Sigmoid(logit) ? 1 : 0, weight, 1,
                 static_cast<uint32_t>(i));
  }
  return examples;
}

std::vector<uint32_t> All(const LabelledExamples& examples) {
  std::vector<uint32_t> all(examples.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

Eigen::VectorXd Exact(const LabelledExamples& examples, const LogisticFitOptions& options) {
  WorkerPool pool(2);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(kFitWidth + 1);
  FitLogistic(examples, All(examples), options, pool, "", x);
  return x;
}

FtrlProximal Stream(const LabelledExamples& examples, size_t passes, const FtrlOptions& options) {
  FtrlProximal learner(kFitWidth, options);
  for (size_t pass = 0; pass < passes; ++pass)
    for (size_t i = 0; i < examples.size(); ++i)
      learner.Learn(examples[i], examples.labels[i], examples.weights[i]);
  return learner;
}

TEST(LogisticFitTest, EndsWhereTheGradientIsZero) {
  const LabelledExamples examples = MakeExamples(2'000);
  const double l2 = 3;
  const Eigen::VectorXd x = Exact(examples, {.l2 = l2, .gradient_tolerance = 1e-6});
  Eigen::VectorXd gradient = l2 * x;
  gradient[kFitWidth] = 0;
  for (size_t i = 0; i < examples.size(); ++i) {
    const double slope =
        examples.weights[i] * (Sigmoid(Logit(examples, i, x)) - examples.labels[i]);
    for (const FeatureValue& value : examples[i]) gradient[value.index] += slope * value.value;
    gradient[kFitWidth] += slope;
  }
  EXPECT_LT(gradient.lpNorm<Eigen::Infinity>(), 1e-5);
}

TEST(LogisticFitTest, WeightsLeftOutStayZeroAndTheOthersTakeTheirPart) {
  const LabelledExamples examples = MakeExamples(2'000);
  std::vector<char> left_out(kFitWidth, 0);
  left_out[0] = 1;
  const Eigen::VectorXd with = Exact(examples, {.l2 = 1});
  const Eigen::VectorXd without = Exact(examples, {.l2 = 1, .held = left_out});
  EXPECT_GT(with[0], 0.5);
  EXPECT_EQ(without[0], 0);
  EXPECT_LT(MeanLogLoss(examples, All(examples), with),
            MeanLogLoss(examples, All(examples), without));
}

// Requests of 20 candidates of which users take one, by what features 0 and 1 say. Feature 2 is the
// same for all candidates of a request.
LabelledExamples MakeRequests(uint32_t requests) {
  LabelledExamples examples;
  std::mt19937_64 random(9);
  std::normal_distribution<float> normal;
  std::extreme_value_distribution<double> gumbel;
  for (uint32_t r = 0; r < requests; ++r) {
    const float common = normal(random);
    std::vector<std::pair<double, std::vector<FeatureValue>>> candidates;
    for (int c = 0; c < 20; ++c) {
      const float a = normal(random), b = normal(random);
      candidates.push_back({a - 0.5 * b + gumbel(random), {{0, a}, {1, b}, {2, common}}});
    }
    // The largest of utility plus Gumbel noise is a draw from the softmax (McFadden 1974).
    std::sort(candidates.begin(), candidates.end(),
              [](const auto& x, const auto& y) { return x.first > y.first; });
    for (size_t c = 0; c < candidates.size(); ++c)
      examples.Add(candidates[c].second, c == 0 ? 1 : 0, 1, 1, r);
  }
  return examples;
}

Eigen::VectorXd Conditional(const LabelledExamples& examples, const LogisticFitOptions& options) {
  WorkerPool pool(2);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(4);
  FitConditionalLogistic(examples, All(examples), options, pool, "", x);
  return x;
}

TEST(ConditionalLogisticTest, FindsTheWeightsThatChoicesWereMadeBy) {
  const Eigen::VectorXd x = Conditional(MakeRequests(10'000), {.gradient_tolerance = 1e-6});
  EXPECT_NEAR(x[0], 1, 0.05);
  EXPECT_NEAR(x[1], -0.5, 0.05);
  EXPECT_NEAR(x[2], 0, 1e-9);
  EXPECT_NEAR(x[3], 0, 1e-9);
}

TEST(ConditionalLogisticTest, ACandidateOfWeightTwoCountsAsTwo) {
  LabelledExamples weighted, copied;
  for (uint32_t r = 0; r < 50; ++r) {
    const auto a = static_cast<float>(r % 7), b = static_cast<float>(r % 3);
    for (LabelledExamples* examples : {&weighted, &copied}) {
      examples->Add(std::vector<FeatureValue>{{0, a}, {1, b}}, 1, 1, 1, r);
      examples->Add(std::vector<FeatureValue>{{0, b}, {1, 2}}, 0, 1, 1, r);
    }
    const std::vector<FeatureValue> twice = {{0, 3}, {1, a - b}};
    weighted.Add(twice, 0, 2, 1, r);
    copied.Add(twice, 0, 1, 1, r);
    copied.Add(twice, 0, 1, 1, r);
  }
  const LogisticFitOptions options{.l2 = 1, .gradient_tolerance = 1e-8};
  const Eigen::VectorXd x = Conditional(weighted, options);
  EXPECT_GT(x.norm(), 0.1);
  EXPECT_LT((x - Conditional(copied, options)).norm(), 1e-6);
}

TEST(ConditionalLogisticTest, ARequestCountsOnceHoweverMuchIsTakenUp) {
  // Of two requests one takes up a candidate with the feature, the other three without it.
  LabelledExamples examples;
  const std::vector<FeatureValue> with = {{0, 1}}, without;
  for (const auto& [request, taken, left] :
       {std::tuple(0U, with, without), std::tuple(1U, without, with)}) {
    for (uint32_t copy = 0; copy < 1 + 2 * request; ++copy)
      examples.Add(taken, 1, 1.0F / static_cast<float>(1 + 2 * request), 1, request);
    examples.Add(left, 0, 1, 1, request);
  }
  EXPECT_NEAR(Conditional(examples, {.l2 = 0.01, .gradient_tolerance = 1e-8})[0], 0, 1e-6);
}

TEST(ConditionalLogisticTest, NothingIsLearnedFromARequestWithoutPositives) {
  LabelledExamples examples = MakeRequests(50);
  const Eigen::VectorXd without = Conditional(examples, {.l2 = 1});
  EXPECT_GT(without.norm(), 0.1);
  examples.Add(std::vector<FeatureValue>{{0, 1}}, 0, 1, 1, 50);
  examples.Add(std::vector<FeatureValue>{}, 0, 1, 1, 50);
  EXPECT_LT((Conditional(examples, {.l2 = 1}) - without).norm(), 1e-6);
}

TEST(FtrlProximalTest, AgreesWithTheExactSolutionOfAConvexProblem) {
  const LabelledExamples examples = MakeExamples(2'000);
  const Eigen::VectorXd exact = Exact(examples, {.gradient_tolerance = 1e-6});
  const FtrlProximal learner = Stream(examples, 100, {});
  for (uint32_t i = 0; i < kFitWidth; ++i) EXPECT_NEAR(learner.Weight(i), exact[i], 0.01) << i;
  EXPECT_NEAR(learner.bias(), exact[kFitWidth], 0.01);
}

TEST(FtrlProximalTest, OnePassOverAStreamComesCloseInLoss) {
  const LabelledExamples examples = MakeExamples(20'000);
  const Eigen::VectorXd exact = Exact(examples, {.l2 = 1});
  const FtrlProximal learner = Stream(examples, 1, {.l2 = 1});
  double loss = 0, weight = 0;
  for (size_t i = 0; i < examples.size(); ++i) {
    loss += examples.weights[i] * LogLoss(learner.Logit(examples[i]), examples.labels[i]);
    weight += examples.weights[i];
  }
  EXPECT_LT(loss / weight, 1.002 * MeanLogLoss(examples, All(examples), exact));
}

TEST(FtrlProximalTest, L1LeavesWhatDoesNotMatterAtExactlyZero) {
  const LabelledExamples examples = MakeExamples(20'000);
  const FtrlProximal learner = Stream(examples, 1, {.l1 = 300});
  for (uint32_t i = 0; i < 6; ++i) EXPECT_NE(learner.Weight(i), 0) << i;
  for (uint32_t i = 6; i < kFitWidth; ++i) EXPECT_EQ(learner.Weight(i), 0) << i;
}

TEST(PlattCalibrationTest, UndoesAStretchedAndShiftedLogit) {
  const LabelledExamples examples = MakeExamples(20'000);
  Eigen::VectorXd x = Exact(examples, {});
  const Eigen::VectorXd stretched = 2 * x;
  const PlattCalibration calibration = FitPlatt(examples, All(examples), stretched);
  EXPECT_NEAR(calibration.slope, 0.5, 0.01);
  EXPECT_NEAR(calibration.offset, 0, 0.01);
}

TEST(PlattCalibrationTest, LeavesTheLogitAloneWhereItCannotTell) {
  LabelledExamples examples = MakeExamples(100);
  const Eigen::VectorXd x = Exact(examples, {.l2 = 1});
  const PlattCalibration turned = FitPlatt(examples, All(examples), -x);
  EXPECT_EQ(turned.slope, 1);
  EXPECT_EQ(turned.offset, 0);
  std::fill(examples.labels.begin(), examples.labels.end(), 0.0F);
  EXPECT_EQ(FitPlatt(examples, All(examples), x).slope, 1);
}

}  // namespace
}  // namespace shortlist
