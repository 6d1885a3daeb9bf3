#include "serving/swap/canary_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

namespace shortlist {
namespace {

using ::testing::StartsWith;

TEST(CanarySettings, HaveDefaults) {
  const CanarySettings settings = CanarySettingsOf({}).value();
  EXPECT_EQ(settings.requests, 64u);
  EXPECT_EQ(settings.min_recall, 0.9);
  EXPECT_EQ(settings.min_overlap, 0.05);
  EXPECT_EQ(settings.min_agreement, 0.55);
  EXPECT_EQ(settings.max_probability_ratio, 10);
  EXPECT_EQ(settings.max_latency_ratio, 3);
}

TEST(CanarySettings, AreTakenFromTheConfiguration) {
  v1::CanaryConfig config;
  config.set_requests(7);
  config.set_min_recall(0.5);
  config.set_min_overlap(-1);
  config.set_min_agreement(0.6);
  config.set_max_probability_ratio(2);
  config.set_max_latency_ratio(1.5);
  const CanarySettings settings = CanarySettingsOf(config).value();
  EXPECT_EQ(settings.requests, 7u);
  EXPECT_EQ(settings.min_recall, 0.5);
  EXPECT_EQ(settings.min_overlap, -1);
  EXPECT_EQ(settings.min_agreement, 0.6);
  EXPECT_EQ(settings.max_probability_ratio, 2);
  EXPECT_EQ(settings.max_latency_ratio, 1.5);
}

TEST(CanarySettings, OutOfRangeAreNamed) {
  const auto error = [](const std::function<void(v1::CanaryConfig&)>& change) {
    v1::CanaryConfig config;
    change(config);
    return std::string(CanarySettingsOf(config).status().message());
  };
  EXPECT_THAT(error([](auto& c) { c.set_requests(-1); }), StartsWith("swap.canary.requests: "));
  EXPECT_THAT(error([](auto& c) { c.set_requests(1'001); }), StartsWith("swap.canary.requests: "));
  EXPECT_THAT(error([](auto& c) { c.set_min_recall(1.5); }),
              StartsWith("swap.canary.min_recall: "));
  EXPECT_THAT(error([](auto& c) { c.set_min_overlap(NAN); }),
              StartsWith("swap.canary.min_overlap: "));
  EXPECT_THAT(error([](auto& c) { c.set_min_agreement(-0.5); }),
              StartsWith("swap.canary.min_agreement: "));
  EXPECT_THAT(error([](auto& c) { c.set_max_probability_ratio(0.5); }),
              StartsWith("swap.canary.max_probability_ratio: "));
  EXPECT_THAT(error([](auto& c) { c.set_max_latency_ratio(0.5); }),
              StartsWith("swap.canary.max_latency_ratio: "));
}

}  // namespace
}  // namespace shortlist
