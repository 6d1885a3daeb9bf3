#include "evaluation/bootstrap.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

std::vector<size_t> Draw(size_t users, uint64_t seed, size_t resample) {
  std::vector<size_t> drawn;
  ForEachResampled(users, seed, resample, [&](size_t user) { drawn.push_back(user); });
  return drawn;
}

TEST(ForEachResampled, DrawsAsManyUsersAsThereAreTheSameOnesEachTime) {
  const std::vector<size_t> drawn = Draw(50, 1, 3);
  EXPECT_EQ(drawn.size(), 50u);
  EXPECT_THAT(drawn, testing::Each(testing::Lt(50u)));
  EXPECT_EQ(drawn, Draw(50, 1, 3));
  EXPECT_NE(drawn, Draw(50, 1, 4));
}

TEST(PercentileInterval, LeavesTwoAndAHalfPercentOutOnEitherSide) {
  std::vector<double> values;
  for (int i = 200; i >= 0; --i) values.push_back(i);
  const Interval interval = PercentileInterval(values);
  EXPECT_EQ(interval.low, 5);
  EXPECT_EQ(interval.high, 195);
}

}  // namespace
}  // namespace shortlist
