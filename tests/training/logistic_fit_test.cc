#include "training/logistic_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "training/ftrl_proximal.h"

namespace shortlist {
namespace {

constexpr uint32_t kWidth = 12;

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
    for (uint32_t f = 0; f < kWidth; ++f) {
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
  Eigen::VectorXd x = Eigen::VectorXd::Zero(kWidth + 1);
  FitLogistic(examples, All(examples), options, pool, "", x);
  return x;
}

FtrlProximal Stream(const LabelledExamples& examples, size_t passes, const FtrlOptions& options) {
  FtrlProximal learner(kWidth, options);
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
  gradient[kWidth] = 0;
  for (size_t i = 0; i < examples.size(); ++i) {
    const double slope =
        examples.weights[i] * (Sigmoid(Logit(examples, i, x)) - examples.labels[i]);
    for (const FeatureValue& value : examples[i]) gradient[value.index] += slope * value.value;
    gradient[kWidth] += slope;
  }
  EXPECT_LT(gradient.lpNorm<Eigen::Infinity>(), 1e-5);
}

TEST(LogisticFitTest, WeightsLeftOutStayZeroAndTheOthersTakeTheirPart) {
  const LabelledExamples examples = MakeExamples(2'000);
  std::vector<char> left_out(kWidth, 0);
  left_out[0] = 1;
  const Eigen::VectorXd with = Exact(examples, {.l2 = 1});
  const Eigen::VectorXd without = Exact(examples, {.l2 = 1, .left_out = left_out});
  EXPECT_GT(with[0], 0.5);
  EXPECT_EQ(without[0], 0);
  EXPECT_LT(MeanLogLoss(examples, All(examples), with),
            MeanLogLoss(examples, All(examples), without));
}

TEST(FtrlProximalTest, AgreesWithTheExactSolutionOfAConvexProblem) {
  const LabelledExamples examples = MakeExamples(2'000);
  const Eigen::VectorXd exact = Exact(examples, {.gradient_tolerance = 1e-6});
  const FtrlProximal learner = Stream(examples, 100, {});
  for (uint32_t i = 0; i < kWidth; ++i) EXPECT_NEAR(learner.Weight(i), exact[i], 0.01) << i;
  EXPECT_NEAR(learner.bias(), exact[kWidth], 0.01);
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
  for (uint32_t i = 6; i < kWidth; ++i) EXPECT_EQ(learner.Weight(i), 0) << i;
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
