#include "learning/ranker/lbfgs.h"

#include <gtest/gtest.h>

#include <cmath>

namespace shortlist {
namespace {

TEST(Lbfgs, FindsTheMinimumOfAnIllConditionedQuadratic) {
  const Eigen::Vector3d scale(1, 100, 10'000);
  const Eigen::Vector3d minimum(3, -2, 0.5);
  Eigen::VectorXd x = Eigen::Vector3d(0, 0, 0);
  const LbfgsResult result = MinimiseLbfgs(
      [&](const Eigen::VectorXd& point, Eigen::VectorXd& gradient) {
        const Eigen::VectorXd off = point - minimum;
        gradient = scale.cwiseProduct(off);
        return 0.5 * off.dot(gradient);
      },
      {}, x);
  EXPECT_TRUE(result.converged);
  EXPECT_LT((x - minimum).norm(), 1e-5);
}

TEST(Lbfgs, FindsTheLogOddsOfABiasedCoin) {
  // 30 heads, 10 tails: the log-odds are log 3.
  Eigen::VectorXd x = Eigen::VectorXd::Zero(1);
  MinimiseLbfgs(
      [](const Eigen::VectorXd& point, Eigen::VectorXd& gradient) {
        const double p = 1 / (1 + std::exp(-point[0]));
        gradient[0] = 40 * p - 30;
        return -30 * std::log(p) - 10 * std::log(1 - p);
      },
      {}, x);
  EXPECT_NEAR(x[0], std::log(3), 1e-6);
}

TEST(Lbfgs, StopsAtTheIterationLimitAndSaysSo) {
  Eigen::VectorXd x = Eigen::VectorXd::Constant(1, 10);
  const LbfgsResult result = MinimiseLbfgs(
      [](const Eigen::VectorXd& point, Eigen::VectorXd& gradient) {
        gradient[0] = 4 * std::pow(point[0], 3);
        return std::pow(point[0], 4);
      },
      {.max_iterations = 2}, x);
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.iterations, 2);
}

}  // namespace
}  // namespace shortlist
