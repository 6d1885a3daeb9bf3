#include "serving/rpc/retry_hint.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(RetryHint, TravelsInTheStatusWithoutChangingIt) {
  const absl::Status refused = absl::ResourceExhaustedError("full");
  const absl::Status hinted = WithRetryHint(refused, absl::Milliseconds(20));
  EXPECT_EQ(hinted.code(), refused.code());
  EXPECT_EQ(hinted.message(), refused.message());
  EXPECT_EQ(RetryHintOf(hinted), absl::Milliseconds(20));
}

TEST(RetryHint, IsRoundedUpAndNeverNothing) {
  const auto hint = [](absl::Duration wait) {
    return RetryHintOf(WithRetryHint(absl::ResourceExhaustedError(""), wait));
  };
  EXPECT_EQ(hint(absl::Microseconds(2'001)), absl::Milliseconds(3));
  EXPECT_EQ(hint(absl::ZeroDuration()), absl::Milliseconds(1));
}

TEST(RetryHint, OtherStatusesHaveNone) {
  EXPECT_FALSE(RetryHintOf(absl::ResourceExhaustedError("full")));
  EXPECT_FALSE(RetryHintOf(absl::OkStatus()));
}

}  // namespace
}  // namespace shortlist
