#include "serving/admission/refusals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class RefusalsTest : public testing::Test {
 protected:
  const CapturedLog log_;
  const absl::Time start_ = absl::FromUnixSeconds(1'000);
  Refusals refusals_{"calls"};
};

TEST_F(RefusalsTest, AreCountedByReason) {
  refusals_.Count(Refusal::kQueueFull, start_);
  refusals_.Count(Refusal::kRateLimit, start_);
  refusals_.Count(Refusal::kRateLimit, start_);
  EXPECT_THAT(refusals_.counts(), ElementsAre(1, 0, 0, 2));
}

TEST_F(RefusalsTest, TheFirstIsLoggedAtOnce) {
  EXPECT_EQ(log_.text(), "");
  refusals_.Count(Refusal::kDeadline, start_);
  EXPECT_THAT(log_.text(), HasSubstr("calls are refused: the wait went beyond the deadline: 1\n"));
}

TEST_F(RefusalsTest, OthersAreLoggedTogetherOnceASecond) {
  refusals_.Count(Refusal::kQueueFull, start_);
  for (int i = 0; i < 5; ++i) refusals_.Count(Refusal::kLongestWait, start_);
  refusals_.Count(Refusal::kQueueFull, start_ + absl::Milliseconds(999));
  EXPECT_THAT(log_.text(), Not(HasSubstr("the wait was too long")));
  refusals_.Count(Refusal::kLongestWait, start_ + absl::Seconds(1));
  EXPECT_THAT(log_.text(),
              HasSubstr("calls are refused: the queue was full: 1, the wait was too long: 6\n"));
}

}  // namespace
}  // namespace shortlist
