#include "serving/rpc/call_step.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(CallStep, OneThatOverridesNothingLetsEveryCallPassUnchanged) {
  const CallStep step;
  Call call{.arrival = absl::UnixEpoch(), .is_cancelled = {}, .peer = {}};
  EXPECT_TRUE(step.OnArrival(call).ok());
  EXPECT_EQ(call.deadline, absl::InfiniteFuture());
  EXPECT_TRUE(step.OnBegin(call).ok());
  step.OnEnd(call, absl::InternalError("fault"));
}

}  // namespace
}  // namespace shortlist
