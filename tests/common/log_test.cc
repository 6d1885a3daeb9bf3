#include "common/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>

namespace shortlist {
namespace {

TEST(Log, WritesAMessageAsItIsWithItsLevel) {
  std::ostringstream out;
  const std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(out)));
  LogWarning("column {} of 100 % {0}");
  LogDebug("too much");  // Below the level that is shown.
  LogTimes();
  LogError("lost");
  spdlog::set_default_logger(before);
  EXPECT_THAT(out.str(), testing::HasSubstr("[warning] column {} of 100 % {0}\n"));
  EXPECT_THAT(out.str(), testing::Not(testing::HasSubstr("too much")));
  EXPECT_THAT(out.str(), testing::ContainsRegex("\n[0-9-]+T[0-9:.]+Z error lost\n"));
}

}  // namespace
}  // namespace shortlist
