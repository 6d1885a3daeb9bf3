#include "learning/towers/adam.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace shortlist {
namespace {

TEST(Adam, FirstStepMovesEveryWeightByTheLearningRateAgainstItsGradient) {
  WorkerPool pool(1);
  Matrix weights(1, 3);
  weights << 1, 2, 3;
  Matrix gradient(1, 3);
  gradient << 0.5F, -40, 1e-3F;
  Adam adam(weights);
  adam.Step({.learning_rate = 0.1F}, 1, pool, gradient, weights);
  EXPECT_NEAR(weights(0, 0), 0.9, 1e-5);
  EXPECT_NEAR(weights(0, 1), 2.1, 1e-5);
  EXPECT_NEAR(weights(0, 2), 2.9, 1e-4);
}

TEST(Adam, SecondStepFollowsThePaperByHand) {
  WorkerPool pool(1);
  Matrix weights = Matrix::Constant(1, 1, 0);
  Adam adam(weights);
  adam.Step({.learning_rate = 0.1F}, 1, pool, Matrix::Constant(1, 1, 1), weights);
  adam.Step({.learning_rate = 0.1F}, 2, pool, Matrix::Constant(1, 1, -2), weights);
  const double mean = (0.9 * 0.1 * 1 + 0.1 * -2) / (1 - 0.9 * 0.9);
  const double variance = (0.999 * 0.001 * 1 + 0.001 * 4) / (1 - 0.999 * 0.999);
  EXPECT_NEAR(weights(0, 0), -0.1 - 0.1 * mean / std::sqrt(variance), 1e-5);
}

TEST(Adam, WeightDecayShrinksWeightsThatHaveNoGradient) {
  WorkerPool pool(1);
  Matrix weights = Matrix::Constant(1, 1, 2);
  Adam adam(weights);
  adam.Step({.learning_rate = 0.1F, .weight_decay = 0.5F}, 1, pool, Matrix::Zero(1, 1), weights);
  EXPECT_NEAR(weights(0, 0), 2 - 0.1 * 0.5 * 2, 1e-6);
}

TEST(Adam, StepRowsEqualsStepOnThoseRowsAndLeavesTheOthers) {
  const Matrix start = Matrix::Random(4, 3);
  const Matrix gradient = Matrix::Random(4, 3);
  Matrix whole = start;
  Matrix rows = start;
  Adam whole_adam(start);
  Adam rows_adam(start);
  WorkerPool pool(2);
  const std::array<uint32_t, 2> touched = {3, 1};
  whole_adam.Step({}, 1, pool, gradient, whole);
  rows_adam.StepRows({}, 1, touched, pool, gradient, rows);
  EXPECT_EQ(rows.row(1), whole.row(1));
  EXPECT_EQ(rows.row(3), whole.row(3));
  EXPECT_EQ(rows.row(0), start.row(0));
  EXPECT_EQ(rows.row(2), start.row(2));
}

}  // namespace
}  // namespace shortlist
