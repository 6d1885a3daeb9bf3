#include "pipeline/ladder/stage_health.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

class StageHealthTest : public testing::Test {
 protected:
  void Answer(const absl::Status& status, absl::Duration allowed = absl::Milliseconds(27),
              absl::Duration took = absl::Milliseconds(2)) {
    health_.OnAnswer(status, allowed, took, now_);
  }
  void FailOften(const absl::Status& status, absl::Duration allowed = absl::Milliseconds(27)) {
    for (int i = 0; i < StageHealth::kMostFailures; ++i) Answer(status, allowed);
  }

  absl::Time now_ = absl::FromUnixSeconds(1'000);
  StageHealth health_;
};

const absl::Status kStageGone = absl::UnavailableError("gone");
const absl::Status kLate = absl::DeadlineExceededError("late");

TEST_F(StageHealthTest, SeveralFailuresInARowTakeItDownAndOneAnswerBringsItBack) {
  for (int i = 1; i < StageHealth::kMostFailures; ++i) Answer(kStageGone);
  EXPECT_TRUE(health_.IsUp(now_));
  Answer(kStageGone);
  EXPECT_FALSE(health_.IsUp(now_));
  now_ += StageHealth::kTryInterval;
  EXPECT_TRUE(health_.IsUp(now_));
  Answer(absl::OkStatus());
  EXPECT_TRUE(health_.IsUp(now_));
  EXPECT_TRUE(health_.IsUp(now_));
}

TEST_F(StageHealthTest, WhileItIsDownOneRequestAtATimeTriesIt) {
  FailOften(kStageGone);
  now_ += StageHealth::kTryInterval;
  EXPECT_TRUE(health_.IsUp(now_));
  EXPECT_FALSE(health_.IsUp(now_));
  Answer(kStageGone);
  EXPECT_FALSE(health_.IsUp(now_ + StageHealth::kTryInterval / 2));
  now_ += StageHealth::kTryInterval;
  EXPECT_TRUE(health_.IsUp(now_));
}

TEST_F(StageHealthTest, AnErrorOfTheRequestIsAnAnswer) {
  for (int i = 0; i < 20; ++i) Answer(absl::InvalidArgumentError("filter"));
  EXPECT_TRUE(health_.IsUp(now_));
  for (int i = 1; i < StageHealth::kMostFailures; ++i) Answer(kStageGone);
  Answer(absl::InvalidArgumentError("filter"));
  Answer(kStageGone);
  EXPECT_TRUE(health_.IsUp(now_));
}

TEST_F(StageHealthTest, OneThatHadNoFairTimeHasNotFailed) {
  FailOften(kLate, absl::Milliseconds(1));
  EXPECT_TRUE(health_.IsUp(now_));
  // What it takes lately is what is fair.
  Answer(absl::OkStatus(), absl::Seconds(1), absl::Milliseconds(20));
  FailOften(kLate, absl::Milliseconds(60));
  EXPECT_TRUE(health_.IsUp(now_));
  FailOften(kLate, absl::Milliseconds(90));
  EXPECT_FALSE(health_.IsUp(now_));
}

TEST_F(StageHealthTest, OneThatRefusesSomeIsNotDown) {
  FailOften(absl::ResourceExhaustedError("too many"));
  EXPECT_TRUE(health_.IsUp(now_));
}

TEST_F(StageHealthTest, ExpectsWhatItTookLately) {
  EXPECT_EQ(health_.ExpectedTime(), absl::ZeroDuration());
  Answer(absl::OkStatus(), absl::Milliseconds(27), absl::Milliseconds(2));
  EXPECT_EQ(health_.ExpectedTime(), absl::Milliseconds(2));
  for (int i = 0; i < 200; ++i)
    Answer(absl::OkStatus(), absl::Milliseconds(27), absl::Milliseconds(8));
  EXPECT_GT(health_.ExpectedTime(), absl::Milliseconds(7.9));
  EXPECT_LE(health_.ExpectedTime(), absl::Milliseconds(8));
}

TEST(IsOfAStage, TellsErrorsOfTheRequestApart) {
  EXPECT_TRUE(IsOfAStage(kStageGone));
  EXPECT_TRUE(IsOfAStage(kLate));
  EXPECT_TRUE(IsOfAStage(absl::InternalError("no answer")));
  EXPECT_FALSE(IsOfAStage(absl::OkStatus()));
  EXPECT_FALSE(IsOfAStage(absl::InvalidArgumentError("filter")));
  EXPECT_FALSE(IsOfAStage(absl::CancelledError("the caller went")));
}

}  // namespace
}  // namespace shortlist
