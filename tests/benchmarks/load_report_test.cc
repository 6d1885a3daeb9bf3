#include "benchmarks/load_report.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace shortlist {
namespace {

// A measurement of one second.
nlohmann::json Report(std::vector<LatencySample> samples) {
  return LoadReport({.samples = std::move(samples), .seconds = 1});
}

// Answered after 2 ms each, of which the server says 1.5.
std::vector<LatencySample> Samples(size_t count) {
  std::vector<LatencySample> samples(count);
  for (size_t i = 0; i < count; ++i) {
    samples[i].intended = static_cast<int64_t>(i) * 1'000'000;
    samples[i].sent = samples[i].intended + 100'000;
    samples[i].received = samples[i].intended + 2'000'000;
    samples[i].candidates = 500;
    samples[i].stage_us = {100, 200, 700, 300, 100};
    samples[i].total_us = 1500;
  }
  return samples;
}

TEST(LoadReport, SaysWhereTheTimeWentToTheLastMicrosecond) {
  const nlohmann::json report = Report(Samples(1000));
  EXPECT_EQ(report["p50_us"], 2000);
  EXPECT_EQ(report["p999_us"], 2000);
  EXPECT_EQ(report["candidates"], 500);
  EXPECT_EQ(report["stages"]["candidates"]["p99_us"], 700);
  double sum = 0;
  for (const auto& part : report["waterfall"]["p50"]) sum += part[1].get<double>();
  EXPECT_NEAR(sum, 2000, 1e-6);
  EXPECT_TRUE(report["valid"]);
}

TEST(LoadReport, CountsFailuresApartFromLatencies) {
  std::vector<LatencySample> samples = Samples(100);
  samples[3].status = 14;
  samples[3].received = samples[3].intended + 9'000'000'000;
  const nlohmann::json report = Report(samples);
  EXPECT_EQ(report["errors"], 1);
  EXPECT_EQ(report["error_codes"]["14"], 1);
  EXPECT_EQ(report["max_us"], 2000);
  // A server that refuses quickly is not fast.
  EXPECT_EQ(report["requests"], 100);
}

TEST(LoadReport, TheRateIsThatOfTheAnswersThatCameInTheTime) {
  const nlohmann::json report =
      LoadReport({.samples = Samples(100), .seconds = 0.5, .answered = 1});
  EXPECT_EQ(report["requests"], 100);
  EXPECT_EQ(report["achieved"], 2);
}

TEST(LoadReport, IsInvalidWhenTheGeneratorWasTooLate) {
  std::vector<LatencySample> samples = Samples(100);
  for (LatencySample& sample : samples) sample.sent = sample.intended + 1'500'000;
  const nlohmann::json report = Report(samples);
  EXPECT_FALSE(report["valid"]);
  EXPECT_EQ(report["why_invalid"], "the generator sent its requests too late");
}

TEST(LoadReport, IsInvalidWithoutAnyAnswer) {
  std::vector<LatencySample> samples = Samples(2);
  for (LatencySample& sample : samples) sample.status = 14;
  EXPECT_FALSE(Report(samples)["valid"]);
}

}  // namespace
}  // namespace shortlist
