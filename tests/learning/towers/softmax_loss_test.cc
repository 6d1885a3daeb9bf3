#include "learning/towers/softmax_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace shortlist {
namespace {

using Eigen::Index;

constexpr float kTemperature = 0.3F;

class SoftmaxLossTest : public testing::Test {
 protected:
  // More examples than one block has, on more than one thread.
  SoftmaxLossTest() {
    std::srand(3);
    users_ = Matrix::Random(150, 8).rowwise().normalized();
    items_ = Matrix::Random(37, 8).rowwise().normalized();
    for (uint32_t c = 0; c < 37; ++c) log_q_.push_back(-0.1F * static_cast<float>(c % 5));
    for (uint32_t i = 0; i < 150; ++i) {
      const std::vector<uint32_t> wanted = {i % 37, (i * 7 + 1) % 37};
      targets_.Add({wanted.data(), i % 3}, 0.5F + 0.01F * static_cast<float>(i));
    }
  }

  // The formula, in double precision.
  double LossByHand() const {
    double loss = 0;
    for (Index i = 0; i < users_.rows(); ++i) {
      const Eigen::RowVectorXd scores =
          users_.row(i).cast<double>() * items_.transpose().cast<double>() / kTemperature;
      double total = 0;
      for (Index c = 0; c < scores.size(); ++c)
        total += std::exp(scores[c] - log_q_[static_cast<size_t>(c)]);
      const auto row = static_cast<size_t>(i);
      for (size_t t = targets_.offsets[row]; t < targets_.offsets[row + 1]; ++t) {
        const uint32_t target = targets_.columns[t];
        loss += targets_.weights[row] * (std::log(total) - scores[target] + log_q_[target]);
      }
    }
    return loss;
  }

  double Run(size_t threads, Matrix& d_users, Matrix& d_items) const {
    WorkerPool pool(threads);
    return SoftmaxLoss(pool).Run(users_, items_, log_q_, targets_, kTemperature, d_users, d_items);
  }

  Matrix users_, items_;
  std::vector<float> log_q_;
  SoftmaxTargets targets_;
};

TEST_F(SoftmaxLossTest, LossIsThatOfTheFormula) {
  Matrix d_users, d_items;
  EXPECT_NEAR(Run(2, d_users, d_items), LossByHand(), 1e-3);
}

TEST_F(SoftmaxLossTest, GradientsMatchFiniteDifferences) {
  Matrix d_users, d_items;
  Run(2, d_users, d_items);
  auto expect_matches = [&](Matrix& weights, const Matrix& gradient) {
    const Matrix direction = Matrix::Random(weights.rows(), weights.cols()).normalized();
    const Matrix before = weights;
    const float step = 1e-2F;
    weights = before + step * direction;
    const double above = LossByHand();
    weights = before - step * direction;
    const double below = LossByHand();
    weights = before;
    const double numeric = (above - below) / (2 * step);
    EXPECT_NEAR(gradient.cwiseProduct(direction).sum(), numeric, 0.01 * std::abs(numeric) + 1e-3);
  };
  for (int repeat = 0; repeat < 3; ++repeat) {
    expect_matches(users_, d_users);
    expect_matches(items_, d_items);
  }
}

TEST_F(SoftmaxLossTest, SameThreadsGiveTheSameBitsAndOthersTheSameUpToRounding) {
  Matrix d_users, d_items, again_users, again_items, one_users, one_items;
  const double loss = Run(2, d_users, d_items);
  EXPECT_EQ(Run(2, again_users, again_items), loss);
  EXPECT_EQ(again_users, d_users);
  EXPECT_EQ(again_items, d_items);
  EXPECT_NEAR(Run(1, one_users, one_items), loss, 1e-6 * loss);
  EXPECT_LT((one_items - d_items).norm(), 1e-5 * d_items.norm());
}

}  // namespace
}  // namespace shortlist
