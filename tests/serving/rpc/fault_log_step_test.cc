#include "serving/rpc/fault_log_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

std::string LogOf(const absl::Status& status) {
  const CapturedLog log;
  const Call call{.arrival = {}, .is_cancelled = {}, .peer = [] { return "ipv4:1.2.3.4:5"; }};
  FaultLogStep().OnEnd(call, status);
  return log.text();
}

TEST(FaultLogStep, NamesTheCallerAndTheErrorThatIsNotTheirDoing) {
  EXPECT_THAT(LogOf(absl::InternalError("bad row")),
              testing::HasSubstr("request from ipv4:1.2.3.4:5 failed: INTERNAL: bad row"));
}

TEST(FaultLogStep, SaysNothingOfCallsThatEndWellOrByTheirCallersFault) {
  EXPECT_EQ(LogOf(absl::OkStatus()), "");
  EXPECT_EQ(LogOf(absl::InvalidArgumentError("count: is 0")), "");
  EXPECT_FALSE(IsOurFault(absl::DeadlineExceededError("")));
  EXPECT_TRUE(IsOurFault(absl::DataLossError("")));
  EXPECT_TRUE(IsOurFault(absl::FailedPreconditionError("")));
}

}  // namespace
}  // namespace shortlist
