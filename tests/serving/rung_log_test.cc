#include "serving/rung_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(RungLog, SpeaksWhenItBeginsEveryTenSecondsAndAtTheEnd) {
  const absl::Time start = absl::FromUnixSeconds(1'000);
  RungLog rungs;
  const auto logged = [&](RungId rung, double seconds) {
    const CapturedLog log;
    rungs.OnAnswer(rung, start + absl::Seconds(seconds));
    return log.text();
  };
  EXPECT_EQ(logged(kFullRung, 0), "");
  EXPECT_THAT(logged(kUnrankedRung, 1),
              AllOf(HasSubstr("not all answers are made in full"), HasSubstr("1 RUNG_UNRANKED")));
  EXPECT_EQ(logged(kFullRung, 2), "");
  EXPECT_EQ(logged(kPopularRung, 10.9), "");
  EXPECT_THAT(logged(kUnrankedRung, 11), HasSubstr("1 RUNG_FULL, 1 RUNG_UNRANKED, 1 RUNG_POPULAR"));
  EXPECT_EQ(logged(kFullRung, 12.9), "");
  EXPECT_THAT(logged(kFullRung, 13),
              AllOf(HasSubstr("answers are made in full again"), HasSubstr("2 RUNG_FULL")));
  EXPECT_EQ(logged(kFullRung, 14), "");
  EXPECT_THAT(logged(kUnrankedRung, 15), HasSubstr("1 RUNG_UNRANKED"));
  EXPECT_EQ(rungs.answers(kUnrankedRung), 3u);
  EXPECT_EQ(rungs.answers(kFullRung), 5u);
}

}  // namespace
}  // namespace shortlist
