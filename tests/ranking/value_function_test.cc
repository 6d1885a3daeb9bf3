#include "ranking/value_function.h"

#include <gtest/gtest.h>

#include <cmath>

namespace shortlist {
namespace {

TEST(ValueFunction, IsTheProbabilityTimesWhatAnInteractionAndLikingAreWorth) {
  const ValueFunction value{.interaction_worth = 2, .liked_worth = 3};
  EXPECT_NEAR(value.LogValue(0.1F, 0.5F), std::log(0.1 * (2 + 3 * 0.5)), 1e-6);
  EXPECT_NEAR(value.LogValue(0.2F, 0), std::log(0.2 * 2), 1e-6);
  EXPECT_TRUE(value.UsesLiked());
}

TEST(ValueFunction, IsByDefaultTheProbabilityOfAnInteraction) {
  EXPECT_FALSE(ValueFunction().UsesLiked());
  EXPECT_FLOAT_EQ(ValueFunction().LogValue(0.3F, 0.9F), std::log(0.3F));
}

TEST(ValueFunction, IsFiniteWhereAProbabilityIsTakenForZero) {
  const ValueFunction value{.interaction_worth = 0, .liked_worth = 1};
  EXPECT_TRUE(std::isfinite(value.LogValue(0.5F, 0)));
  EXPECT_TRUE(std::isfinite(value.LogValue(0, 0)));
  EXPECT_LT(value.LogValue(0.5F, 0), value.LogValue(0.001F, 0.001F));
}

}  // namespace
}  // namespace shortlist
