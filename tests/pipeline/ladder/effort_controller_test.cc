#include "pipeline/ladder/effort_controller.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace shortlist {
namespace {

constexpr absl::Duration kBudget = absl::Milliseconds(50);

class EffortControllerTest : public testing::Test {
 protected:
  // A request every millisecond, for so long, that takes what `took` says of the steps of the
  // moment.
  void Load(absl::Duration length, const std::function<absl::Duration(size_t)>& took) {
    for (const absl::Time end = now_ + length; now_ < end; now_ += absl::Milliseconds(1)) {
      controller_.OnRequest(took(controller_.narrowing()), kBudget, now_);
      if (steps_.empty() || steps_.back() != controller_.narrowing())
        steps_.push_back(controller_.narrowing());
    }
  }
  void Load(absl::Duration length, absl::Duration took) {
    Load(length, [&](size_t) { return took; });
  }

  absl::Time now_ = absl::FromUnixSeconds(1'000);
  EffortController controller_{2};
  std::vector<size_t> steps_;  // One after the other.
};

TEST_F(EffortControllerTest, NarrowsStepByStepWhileMostRequestsAreLate) {
  Load(absl::Seconds(1), absl::Milliseconds(2));
  EXPECT_EQ(controller_.narrowing(), 0u);
  Load(absl::Seconds(1), absl::Milliseconds(20));
  EXPECT_EQ(controller_.narrowing(), 2u);
  EXPECT_EQ(steps_, (std::vector<size_t>{0, 1, 2}));
}

TEST_F(EffortControllerTest, ATailIsNoReason) {
  int request = 0;
  Load(absl::Seconds(5),
       [&](size_t) { return ++request % 5 == 0 ? absl::Milliseconds(45) : absl::Milliseconds(1); });
  EXPECT_EQ(steps_, std::vector<size_t>{0});
}

TEST_F(EffortControllerTest, WidensAfterCalm) {
  Load(absl::Seconds(2), absl::Milliseconds(20));
  ASSERT_EQ(controller_.narrowing(), 2u);
  Load(absl::Milliseconds(900), absl::Milliseconds(2));
  EXPECT_EQ(controller_.narrowing(), 2u);
  Load(absl::Seconds(3), absl::Milliseconds(2));
  EXPECT_EQ(controller_.narrowing(), 0u);
}

TEST_F(EffortControllerTest, StaysAsItIsWhileSomeRequestsAreLate) {
  Load(absl::Seconds(2), absl::Milliseconds(20));
  int request = 0;
  Load(absl::Seconds(60),
       [&](size_t) { return ++request % 5 == 0 ? absl::Milliseconds(20) : absl::Milliseconds(1); });
  EXPECT_EQ(controller_.narrowing(), 2u);
}

// Under a load that full effort cannot bear and the first step can.
TEST_F(EffortControllerTest, TriesMoreAndMoreSeldomWhatDidNotHold) {
  Load(absl::Seconds(300),
       [](size_t steps) { return steps == 0 ? absl::Milliseconds(30) : absl::Milliseconds(2); });
  // Five doublings, then once in half a minute: 300 s have some 14 tries and not 150.
  EXPECT_GT(steps_.size(), 10u);
  EXPECT_LT(steps_.size(), 40u);
}

TEST_F(EffortControllerTest, NarrowsWhileATenthIsRefused) {
  const auto load = [&](int refused_in_a_hundred) {
    for (int i = 0; i < 1'000; ++i, now_ += absl::Milliseconds(1))
      if (i % 100 < refused_in_a_hundred)
        controller_.OnRefusal(now_);
      else
        controller_.OnRequest(absl::Milliseconds(5), kBudget, now_);
  };
  load(5);
  EXPECT_EQ(controller_.narrowing(), 0u);
  load(30);
  EXPECT_EQ(controller_.narrowing(), 2u);
}

TEST_F(EffortControllerTest, CallersInAHurryDoNotNarrowOthersEffort) {
  for (int i = 0; i < 1'000; ++i, now_ += absl::Milliseconds(1))
    controller_.OnRequest(absl::Milliseconds(2), absl::Milliseconds(2), now_);
  EXPECT_EQ(controller_.narrowing(), 0u);
}

TEST_F(EffortControllerTest, AFewRequestsSayNothing) {
  for (int i = 0; i < 100; ++i, now_ += absl::Milliseconds(100))
    controller_.OnRequest(absl::Milliseconds(49), kBudget, now_);
  EXPECT_EQ(controller_.narrowing(), 0u);
}

TEST_F(EffortControllerTest, ABudgetWithoutEndIsNeverLate) {
  for (int i = 0; i < 1'000; ++i, now_ += absl::Milliseconds(1))
    controller_.OnRequest(absl::Seconds(4), absl::InfiniteDuration(), now_);
  EXPECT_EQ(controller_.narrowing(), 0u);
}

}  // namespace
}  // namespace shortlist
