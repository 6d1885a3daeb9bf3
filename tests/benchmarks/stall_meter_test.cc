#include "benchmarks/stall_meter.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <chrono>
#include <thread>

namespace shortlist {
namespace {

TEST(StallMeterTest, WhatKeepsRealTimeThreadsFromRunningIsAStall) {
  StallMeter meter;
  bool allowed = false;
  std::thread hog([&] {
    const sched_param highest{.sched_priority = sched_get_priority_max(SCHED_FIFO)};
    allowed = pthread_setschedparam(pthread_self(), SCHED_FIFO, &highest) == 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
    while (allowed && std::chrono::steady_clock::now() < end) continue;
  });
  hog.join();
  const std::optional<Stalls> stalls = meter.Stop();
  if (!allowed) GTEST_SKIP() << "no real-time priority here: run as root";
  ASSERT_TRUE(stalls.has_value());
  EXPECT_GT(stalls->longest_ms, 20);
  EXPECT_GE(stalls->total_ms, stalls->longest_ms);
}

}  // namespace
}  // namespace shortlist
