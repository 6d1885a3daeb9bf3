#include "serving/admission/admission_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "serving/rpc/retry_hint.h"
#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class AdmissionStepTest : public testing::Test {
 protected:
  ~AdmissionStepTest() override { release_.count_down(); }

  // So that tasks are expected to take this long.
  void Take(absl::Duration duration) {
    std::latch done(1);
    workers_.Run([&, duration] {
      now_us_ += absl::ToInt64Microseconds(duration);
      done.count_down();
    });
    done.wait();
    while (workers_.task_time() == absl::ZeroDuration()) std::this_thread::yield();
  }
  // Both threads are busy, and so many tasks wait for them.
  void Queue(size_t tasks) {
    for (int i = 0; i < 2; ++i) {
      std::latch running(1);
      workers_.Run([&] {
        running.count_down();
        release_.wait();
      });
      running.wait();  // So that the queue is empty before the next.
    }
    for (size_t i = 0; i < tasks; ++i) workers_.Run([] {});
    now_us_ += 100'000;  // It stands.
  }
  absl::Status Arrive(const AdmissionStep& step,
                      absl::Duration time_left = absl::InfiniteDuration()) const {
    Call call{
        .arrival = clock_(), .deadline = clock_() + time_left, .is_cancelled = {}, .peer = {}};
    return step.OnArrival(call);
  }
  int64_t Refused(Refusal reason) const { return refusals_.counts()[static_cast<size_t>(reason)]; }

  const CapturedLog log_;
  std::atomic<int64_t> now_us_ = 1'000'000;  // Since the Unix epoch.
  const Clock clock_ = [this] { return absl::FromUnixMicros(now_us_); };
  Refusals refusals_{"calls"};
  std::latch release_{1};
  RequestWorkers workers_{{.threads = 2, .clock = clock_}};
};

TEST_F(AdmissionStepTest, WhileNothingIsQueuedEveryCallIsLetIn) {
  const AdmissionStep step(workers_, clock_, {.max_queue = 1, .max_wait = absl::Milliseconds(1)},
                           refusals_);
  Take(absl::Hours(1));
  EXPECT_TRUE(Arrive(step, absl::Milliseconds(1)).ok());
  Queue(0);
  EXPECT_TRUE(Arrive(step, absl::Milliseconds(1)).ok());
  EXPECT_EQ(step.admitted(), 2);
}

TEST_F(AdmissionStepTest, WhileItIsNotKnownWhatTasksTakeOnlyTheLengthOfTheQueueCounts) {
  const AdmissionStep step(workers_, clock_, {.max_wait = absl::Milliseconds(1)}, refusals_);
  Queue(100);
  EXPECT_TRUE(Arrive(step, absl::Milliseconds(1)).ok());
}

TEST_F(AdmissionStepTest, NoMoreAreQueuedThanMayBe) {
  const AdmissionStep step(workers_, clock_, {.max_queue = 3}, refusals_);
  Queue(2);
  EXPECT_TRUE(Arrive(step).ok());
  workers_.Run([] {});
  const absl::Status refused = Arrive(step);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(refused.message(), HasSubstr("as many calls are queued as may be: 3"));
  EXPECT_TRUE(RetryHintOf(refused));
  EXPECT_EQ(Refused(Refusal::kQueueFull), 1);
}

TEST_F(AdmissionStepTest, ACallThatWouldWaitTooLongIsToldForHowLong) {
  const AdmissionStep step(workers_, clock_, {.max_wait = absl::Milliseconds(20)}, refusals_);
  Take(absl::Milliseconds(10));
  Queue(4);  // Two threads need 20 ms for them.
  EXPECT_TRUE(Arrive(step).ok());
  workers_.Run([] {});
  const absl::Status refused = Arrive(step);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(
      refused.message(),
      "overloaded: the call would wait 25ms for a thread; the longest that is let in is 20ms");
  EXPECT_EQ(RetryHintOf(refused), absl::Milliseconds(25));
  EXPECT_EQ(Refused(Refusal::kLongestWait), 1);
}

// Once a machine that had stood still for a moment refused calls that could have waited.
TEST_F(AdmissionStepTest, WhileTheQueueDoesNotStandACallMayWaitForHalfOfItsTime) {
  const AdmissionStep step(workers_, clock_, {.max_wait = absl::Milliseconds(12)}, refusals_);
  Take(absl::Milliseconds(10));
  Queue(5);  // Two threads need 25 ms for them.
  now_us_ -= 1;
  const auto arrive = [&] {
    Call call{.arrival = clock_(), .target = clock_() + absl::Milliseconds(50), .peer = {}};
    return step.OnArrival(call);
  };
  EXPECT_TRUE(arrive().ok());
  now_us_ += 1;
  EXPECT_EQ(arrive().code(), absl::StatusCode::kResourceExhausted);
  now_us_ -= 1;
  workers_.Run([] {});
  EXPECT_THAT(arrive().message(), HasSubstr("the longest that is let in is 25ms"));
}

// Callers with a deadline of ten seconds, in a burst, made everybody wait for hundreds of
// milliseconds.
TEST_F(AdmissionStepTest, NobodyWaitsForLongerThanHalfOfTheBudget) {
  const AdmissionStep step(workers_, clock_,
                           {.max_wait = absl::Milliseconds(12), .budget = absl::Milliseconds(40)},
                           refusals_);
  Take(absl::Milliseconds(10));
  Queue(4);  // Two threads need 20 ms for them.
  now_us_ -= 1;
  const auto arrive = [&] {
    Call call{.arrival = clock_(), .target = clock_() + absl::Seconds(10), .peer = {}};
    return step.OnArrival(call);
  };
  EXPECT_TRUE(arrive().ok());
  workers_.Run([] {});
  EXPECT_THAT(arrive().message(), HasSubstr("the longest that is let in is 20ms"));
}

TEST_F(AdmissionStepTest, ACallThatCouldNotBeAnsweredByItsDeadlineIsRefused) {
  const AdmissionStep step(workers_, clock_, {}, refusals_);
  Take(absl::Milliseconds(10));
  Queue(4);
  // It waits for 20 ms and takes 10.
  EXPECT_TRUE(Arrive(step, absl::Milliseconds(30)).ok());
  const absl::Status refused = Arrive(step, absl::Milliseconds(29));
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(refused.message(), HasSubstr("would wait 20ms"));
  EXPECT_THAT(refused.message(), HasSubstr("its deadline is in 29ms"));
  EXPECT_EQ(Refused(Refusal::kDeadline), 1);
}

}  // namespace
}  // namespace shortlist
