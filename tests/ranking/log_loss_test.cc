#include "ranking/log_loss.h"

#include <cmath>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(Sigmoid, TurnsLogOddsIntoProbabilities) {
  EXPECT_DOUBLE_EQ(Sigmoid(0), 0.5);
  EXPECT_DOUBLE_EQ(Sigmoid(std::log(3)), 0.75);
  EXPECT_DOUBLE_EQ(Sigmoid(-1000), 0);
}

TEST(LogLoss, IsMinusTheLogOfTheLabelsProbability) {
  EXPECT_DOUBLE_EQ(LogLoss(std::log(3), 1), -std::log(0.75));
  EXPECT_DOUBLE_EQ(LogLoss(std::log(3), 0), -std::log(0.25));
}

TEST(LogLoss, IsFiniteForEveryFiniteLogit) {
  EXPECT_DOUBLE_EQ(LogLoss(-1e6, 1), 1e6);
  EXPECT_DOUBLE_EQ(LogLoss(1e6, 0), 1e6);
  EXPECT_EQ(LogLoss(1e6, 1), 0);
}

}  // namespace
}  // namespace shortlist
