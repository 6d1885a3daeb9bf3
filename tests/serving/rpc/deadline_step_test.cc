#include "serving/rpc/deadline_step.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

class DeadlineStepTest : public testing::Test {
 protected:
  Call Arrive(absl::Time deadline) {
    Call call{.arrival = now_,
              .deadline = deadline,
              .is_cancelled = [this] { return cancelled_; },
              .peer = {}};
    EXPECT_TRUE(step_.OnArrival(call).ok());
    return call;
  }

  absl::Time now_ = absl::FromUnixSeconds(1'000);
  bool cancelled_ = false;
  const Clock clock_ = [this] { return now_; };
  const DeadlineStep step_{clock_, absl::Seconds(5), absl::Milliseconds(50)};
};

TEST_F(DeadlineStepTest, NoCallTakesLongerThanTheTimeoutWhateverItsCallerSays) {
  EXPECT_EQ(Arrive(absl::InfiniteFuture()).deadline, now_ + absl::Seconds(5));
  EXPECT_EQ(Arrive(now_ + absl::Seconds(60)).deadline, now_ + absl::Seconds(5));
  EXPECT_EQ(Arrive(now_ + absl::Seconds(1)).deadline, now_ + absl::Seconds(1));
}

TEST_F(DeadlineStepTest, TheAnswerIsWantedByTheCallersDeadlineOrInTheBudget) {
  EXPECT_EQ(Arrive(absl::InfiniteFuture()).target, now_ + absl::Milliseconds(50));
  EXPECT_EQ(Arrive(now_ + absl::Milliseconds(20)).target, now_ + absl::Milliseconds(20));
  EXPECT_EQ(Arrive(now_ + absl::Seconds(1)).target, now_ + absl::Seconds(1));
  EXPECT_EQ(Arrive(now_ + absl::Seconds(60)).target, now_ + absl::Seconds(5));
}

TEST_F(DeadlineStepTest, ACallThatWaitedTooLongIsRefused) {
  const Call call = Arrive(now_ + absl::Seconds(1));
  now_ += absl::Milliseconds(999);
  EXPECT_TRUE(step_.OnBegin(call).ok());
  now_ += absl::Milliseconds(1);
  EXPECT_EQ(step_.OnBegin(call),
            absl::DeadlineExceededError("the deadline passed while the request was queued"));
}

TEST_F(DeadlineStepTest, ACallWhoseCallerHasGoneIsRefused) {
  const Call call = Arrive(absl::InfiniteFuture());
  cancelled_ = true;
  EXPECT_EQ(step_.OnBegin(call),
            absl::CancelledError("the caller went while the request was queued"));
}

}  // namespace
}  // namespace shortlist
