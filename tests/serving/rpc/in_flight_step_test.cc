#include "serving/rpc/in_flight_step.h"

#include <gtest/gtest.h>

#include <thread>

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

}  // namespace
}  // namespace shortlist
