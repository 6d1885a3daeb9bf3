#include "serving/state_outage_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(StateOutageLog, SpeaksWhenItBeginsEveryMinuteAndAtTheEnd) {
  const absl::Status away = absl::UnavailableError("is away");
  const absl::Time start = absl::FromUnixSeconds(1'700'000'000);
  StateOutageLog outage;
  const auto logged = [&](const absl::Status& status, absl::Duration after) {
    const CapturedLog log;
    outage.OnRead(status, start + after);
    return log.text();
  };
  for (int round = 0; round < 2; ++round) {
    const absl::Duration since = round * absl::Seconds(10);
    EXPECT_EQ(logged(absl::OkStatus(), since), "");
    EXPECT_THAT(logged(away, since),
                AllOf(HasSubstr("cannot be read, 1 answers"), HasSubstr("is away")));
    EXPECT_EQ(logged(away, since + absl::Seconds(1)), "");
    EXPECT_EQ(logged(away, since + absl::Seconds(2)), "");
    EXPECT_THAT(logged(away, since + absl::Seconds(60)), HasSubstr("4 answers"));
    EXPECT_THAT(logged(absl::OkStatus(), since + absl::Seconds(61)),
                AllOf(HasSubstr("can be read again; 4 answers"), Not(HasSubstr("cannot"))));
  }
}

}  // namespace
}  // namespace shortlist
