#include "serving/rpc/fault_log_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"

namespace shortlist {
namespace {

std::string LogOf(const absl::Status& status) {
  std::ostringstream out;
  const std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(out)));
  const Call call{.arrival = {}, .is_cancelled = {}, .peer = [] { return "ipv4:1.2.3.4:5"; }};
  FaultLogStep().OnEnd(call, status);
  spdlog::set_default_logger(before);
  return out.str();
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
}

}  // namespace
}  // namespace shortlist
