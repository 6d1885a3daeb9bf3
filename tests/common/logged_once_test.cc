#include "common/logged_once.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(LoggedOnce, SaysOnceThatItFailsAndOnceThatItWorksAgain) {
  absl::Status status;
  const auto task = LoggedOnce("changes are", [&] { return status; });
  const auto log_of = [&](const absl::Status& next) {
    const CapturedLog log;
    status = next;
    task();
    task();
    return log.text();
  };
  EXPECT_EQ(log_of(absl::OkStatus()), "");
  const std::string away = log_of(absl::UnavailableError("away"));
  EXPECT_THAT(away, HasSubstr("changes are not seen: UNAVAILABLE: away"));
  EXPECT_THAT(away, Not(ContainsRegex("away(.|\n)*away")));
  EXPECT_THAT(log_of(absl::DataLossError("damaged")), HasSubstr("damaged"));
  const std::string again = log_of(absl::OkStatus());
  EXPECT_THAT(again, HasSubstr("changes are seen again"));
  EXPECT_THAT(again, Not(ContainsRegex("again(.|\n)*again")));
}

}  // namespace
}  // namespace shortlist
