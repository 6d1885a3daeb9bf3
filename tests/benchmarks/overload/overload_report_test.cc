#include "benchmarks/overload/overload_report.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

constexpr int64_t kMs = 1'000'000;

// An answer as it should be, to a request that was sent 1 ms late.
LatencySample Answered(int64_t ms) {
  LatencySample sample;
  sample.intended = 100 * kMs;
  sample.sent = 101 * kMs;
  sample.received = sample.intended + ms * kMs;
  sample.rung = 1;
  sample.candidates = 500;
  return sample;
}

LatencySample Failed(int status, int64_t ms) {
  LatencySample sample = Answered(ms);
  sample.status = status;
  return sample;
}

double Goodput(const LatencySample& sample) {
  return OverloadReport({.samples = {sample}, .seconds = 1}, 0.05)["goodput"].get<double>();
}

TEST(OverloadReport, GoodIsWhatBothStagesMadeInTimeOfEnoughCandidates) {
  EXPECT_EQ(Goodput(Answered(50)), 1);
  EXPECT_EQ(Goodput(Answered(51)), 0);
  EXPECT_EQ(Goodput(Failed(14, 10)), 0);
  LatencySample sample = Answered(10);
  sample.candidates = 250;
  EXPECT_EQ(Goodput(sample), 1);
  sample.candidates = 249;
  EXPECT_EQ(Goodput(sample), 0);
  for (const int rung : {0, 1, 2, 3, 4, 5}) {
    sample = Answered(10);
    sample.rung = rung;
    EXPECT_EQ(Goodput(sample), 1 <= rung && rung <= 3) << rung;
  }
}

TEST(OverloadReport, GoodputIsASecond) {
  const LoadRun run{.samples = {Answered(10), Answered(10), Answered(60)}, .seconds = 4};
  EXPECT_EQ(OverloadReport(run, 0.05)["goodput"], 0.5);
}

TEST(OverloadReport, RefusalsCountFromBeingSentAndAreNotAmongTheAdmitted) {
  const LoadRun run{.samples = {Failed(8, 3), Failed(8, 5), Answered(20)}, .seconds = 1};
  const nlohmann::json report = OverloadReport(run, 0.05);
  EXPECT_EQ(report["refused"]["requests"], 2);
  EXPECT_EQ(report["refused"]["p50_us"], 2'000);
  EXPECT_EQ(report["refused"]["p99_us"], 4'000);
  EXPECT_EQ(report["admitted"]["requests"], 1);
  EXPECT_EQ(report["admitted"]["p99_us"], 20'000);
}

TEST(OverloadReport, AnAdmittedRequestThatFailedTookForever) {
  const LoadRun run{.samples = {Answered(10), Answered(20), Failed(4, 50)}, .seconds = 1};
  const nlohmann::json admitted = OverloadReport(run, 0.05)["admitted"];
  EXPECT_EQ(admitted["requests"], 3);
  EXPECT_EQ(admitted["p50_us"], 20'000);
  EXPECT_TRUE(admitted["p99_us"].is_null());
}

TEST(OverloadReport, CountsAnswersByRung) {
  LatencySample unknown = Answered(10);
  unknown.rung = 77;
  const LoadRun run{.samples = {Answered(10), Answered(10), unknown, Failed(8, 1)}, .seconds = 1};
  EXPECT_EQ(OverloadReport(run, 0.05)["rungs"], (nlohmann::json{{"RUNG_FULL", 2}, {"77", 1}}));
}

}  // namespace
}  // namespace shortlist
