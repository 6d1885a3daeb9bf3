#include "common/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

TEST(Log, WritesAMessageAsItIsWithItsLevel) {
  const CapturedLog log;
  LogWarning("column {} of 100 % {0}");
  LogDebug("too much");  // Below the level that is shown.
  LogTimes();
  LogError("lost");
  EXPECT_THAT(log.text(), testing::HasSubstr("[warning] column {} of 100 % {0}\n"));
  EXPECT_THAT(log.text(), testing::Not(testing::HasSubstr("too much")));
  EXPECT_THAT(log.text(), testing::ContainsRegex("\n[0-9-]+T[0-9:.]+Z error lost\n"));
}

}  // namespace
}  // namespace shortlist
