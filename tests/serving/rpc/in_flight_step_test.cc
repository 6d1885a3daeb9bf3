#include "serving/rpc/in_flight_step.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/time/clock.h"

namespace shortlist {
namespace {

TEST(InFlightStep, KnowsWhenTheLastCallHasEnded) {
  const InFlightStep step;
  EXPECT_TRUE(step.WaitUntilNone(absl::ZeroDuration()));
  Call call;
  EXPECT_TRUE(step.OnArrival(call).ok());
  EXPECT_TRUE(step.OnArrival(call).ok());
  EXPECT_FALSE(step.WaitUntilNone(absl::ZeroDuration()));
  step.OnEnd(call, absl::OkStatus());
  EXPECT_FALSE(step.WaitUntilNone(absl::ZeroDuration()));
  std::thread last([&] { step.OnEnd(call, absl::InternalError("")); });
  EXPECT_TRUE(step.WaitUntilNone(absl::Minutes(5)));
  last.join();
}

TEST(InFlightStep, IsQuietWhenNoCallArrivesAnyMore) {
  const InFlightStep step;
  step.WaitUntilQuiet(absl::Milliseconds(1), absl::Hours(1));
  Call call;
  EXPECT_TRUE(step.OnArrival(call).ok());  // Still under way, which does not matter.
  step.WaitUntilQuiet(absl::Milliseconds(1), absl::Hours(1));
  std::atomic<bool> stop = false;
  std::thread others([&] {
    while (!stop) EXPECT_TRUE(step.OnArrival(call).ok());
  });
  const absl::Time begin = absl::Now();
  step.WaitUntilQuiet(absl::Milliseconds(20), absl::Milliseconds(60));
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(60));
  stop = true;
  others.join();
}

}  // namespace
}  // namespace shortlist
