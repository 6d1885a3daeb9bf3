#include "serving/remote/latency_quantile.h"

#include <gtest/gtest.h>

#include <random>

namespace shortlist {
namespace {

TEST(LatencyQuantile, ComesToRestWhereTheShareIsBelow) {
  std::mt19937_64 random(1);
  std::exponential_distribution<double> ms(0.5);
  LatencyQuantile quantile(0.95, absl::Milliseconds(50));
  for (int i = 0; i < 20'000; ++i) quantile.Add(absl::Milliseconds(ms(random)));
  // -ln(0.05) / 0.5 = 5.99 ms.
  EXPECT_NEAR(absl::ToDoubleMilliseconds(quantile.value()), 6, 1);
}

TEST(LatencyQuantile, FollowsAChange) {
  LatencyQuantile quantile(0.5, absl::Milliseconds(1));
  for (int i = 0; i < 1'000; ++i) quantile.Add(absl::Milliseconds(8));
  EXPECT_NEAR(absl::ToDoubleMilliseconds(quantile.value()), 8, 0.2);
  for (int i = 0; i < 1'000; ++i) quantile.Add(absl::Milliseconds(2));
  EXPECT_NEAR(absl::ToDoubleMilliseconds(quantile.value()), 2, 0.2);
}

}  // namespace
}  // namespace shortlist
