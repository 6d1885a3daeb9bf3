#include "pipeline/budget.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

constexpr absl::Time kBegin = absl::UnixEpoch();

class BudgetTest : public testing::Test {
 protected:
  absl::Time now_ = kBegin;
  const Clock clock_ = [this] { return now_; };
};

TEST_F(BudgetTest, SaysAfterWhatTheDeadlinePassed) {
  const Budget budget(clock_, kBegin + absl::Milliseconds(50));
  now_ += absl::Microseconds(49'999);
  EXPECT_TRUE(budget.Check("ranking").ok());
  EXPECT_EQ(budget.Now(), now_);
  now_ += absl::Microseconds(1);
  EXPECT_EQ(budget.Check("ranking"),
            absl::DeadlineExceededError("the deadline passed after ranking"));
}

TEST_F(BudgetTest, ATargetThatHasPassedIsNoErrorWhileTheCallerWaits) {
  const Budget budget(clock_, {.begin = kBegin - absl::Milliseconds(10),
                               .target = kBegin + absl::Milliseconds(40),
                               .deadline = kBegin + absl::Seconds(5)});
  EXPECT_EQ(budget.Whole(), absl::Milliseconds(50));
  EXPECT_EQ(budget.Taken(), absl::Milliseconds(10));
  now_ += absl::Seconds(1);
  EXPECT_TRUE(budget.Check("ranking").ok());
  EXPECT_EQ(budget.Until(budget.target()).Check("ranking").code(),
            absl::StatusCode::kDeadlineExceeded);
}

TEST_F(BudgetTest, NobodyWaitsForACallThatIsCancelled) {
  bool gone = false;
  const std::function<bool()> is_cancelled = [&] { return gone; };
  const Budget budget(clock_, {.begin = kBegin,
                               .target = kBegin + absl::Seconds(1),
                               .deadline = kBegin + absl::Seconds(1),
                               .is_cancelled = &is_cancelled});
  EXPECT_TRUE(budget.Check("ranking").ok());
  gone = true;
  EXPECT_EQ(budget.Check("ranking"), absl::CancelledError("the caller went after ranking"));
  EXPECT_EQ(budget.Until(kBegin + absl::Milliseconds(1)).Check("ranking").code(),
            absl::StatusCode::kCancelled);
}

TEST_F(BudgetTest, APartEndsNoLaterThanTheWhole) {
  const Budget budget(clock_, kBegin + absl::Milliseconds(50));
  EXPECT_EQ(budget.Until(kBegin + absl::Milliseconds(20)).deadline(),
            kBegin + absl::Milliseconds(20));
  EXPECT_EQ(budget.Until(kBegin + absl::Milliseconds(60)).deadline(),
            kBegin + absl::Milliseconds(50));
}

TEST_F(BudgetTest, IsSplitSoThatEachStageLeavesTimeForWhatComesAfterIt) {
  const BudgetSplit split = SplitBudget(kBegin, kBegin + absl::Milliseconds(50));
  EXPECT_EQ(split.candidates, kBegin + absl::Milliseconds(27));
  EXPECT_EQ(split.ranking, kBegin + absl::Milliseconds(45));
  // gRPC rounds a deadline that it sends up by up to one per cent.
  const BudgetSplit seconds = SplitBudget(kBegin, kBegin + absl::Seconds(2));
  EXPECT_EQ(seconds.ranking, kBegin + absl::Milliseconds(1'980));
  const BudgetSplit late = SplitBudget(kBegin, kBegin - absl::Milliseconds(1));
  EXPECT_EQ(late.candidates, kBegin);
  EXPECT_EQ(late.ranking, kBegin);
  EXPECT_EQ(SplitBudget(kBegin, absl::InfiniteFuture()).ranking, absl::InfiniteFuture());
}

}  // namespace
}  // namespace shortlist
