#include "benchmarks/latency_sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace shortlist {
namespace {

TEST(Quantile, IsTheSmallestValueThatEnoughValuesDoNotExceed) {
  std::vector<int64_t> values(1000);
  std::iota(values.begin(), values.end(), 1);
  EXPECT_EQ(Quantile(values, 0.5), 500);
  EXPECT_EQ(Quantile(values, 0.99), 990);
  EXPECT_EQ(Quantile(values, 0.999), 999);
  EXPECT_EQ(Quantile(values, 1), 1000);
  EXPECT_EQ(Quantile(values, 0), 1);
  EXPECT_EQ(Quantile(std::vector<int64_t>{7}, 0.999), 7);
}

TEST(LatencySample, CountsFromTheIntendedTimeNotFromTheTimeOfSending) {
  LatencySample sample;
  sample.intended = 100;
  sample.sent = 900;
  sample.received = 1000;
  EXPECT_EQ(sample.latency(), 900);
}

TEST(BootstrapQuantiles, IntervalsHoldTheTrueQuantileAsOftenAsTheySay) {
  const double q[] = {0.9};
  int held = 0;
  for (unsigned round = 0; round < 100; ++round) {
    std::mt19937 random(round);
    std::vector<LatencySample> samples(2000);
    for (size_t i = 0; i < samples.size(); ++i) {
      samples[i].intended = static_cast<int64_t>(i) * 1'000'000;
      // Uniform: the true quantile is 900,000.
      samples[i].received = samples[i].intended + static_cast<int64_t>(random() % 1'000'000);
    }
    const Interval interval = BootstrapQuantiles(samples, q, 50, 100)[0];
    held += interval.low <= 900'000 && 900'000 <= interval.high;
  }
  EXPECT_GE(held, 85);
  EXPECT_LT(held, 100);
}

TEST(BootstrapQuantiles, WidenWhenSlowRequestsComeTogether) {
  const double q[] = {0.99};
  auto width = [&](bool together) {
    std::vector<LatencySample> samples(10'000);
    for (size_t i = 0; i < samples.size(); ++i) {
      const bool slow = together ? i < 200 : i % 50 == 0;
      samples[i].intended = static_cast<int64_t>(i) * 1'000'000;
      samples[i].received =
          samples[i].intended + (slow ? 1'000'000 : 1'000) + static_cast<int64_t>(i);
    }
    const Interval interval = BootstrapQuantiles(samples, q)[0];
    return interval.high - interval.low;
  };
  EXPECT_GT(width(true), 10 * width(false));
}

}  // namespace
}  // namespace shortlist
