#include "serving/services/call_budget.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(BudgetOf, HasTheTimesOfTheCallAndKnowsWhenItsCallerHasGone) {
  const absl::Time arrival = absl::FromUnixSeconds(1'000);
  const Clock clock = [&] { return arrival + absl::Milliseconds(3); };
  bool gone = false;
  const Call call{.arrival = arrival,
                  .deadline = arrival + absl::Seconds(5),
                  .target = arrival + absl::Milliseconds(50),
                  .is_cancelled = [&] { return gone; },
                  .peer = {}};
  const Budget budget = BudgetOf(call, clock);
  EXPECT_EQ(budget.Taken(), absl::Milliseconds(3));
  EXPECT_EQ(budget.Whole(), absl::Milliseconds(50));
  EXPECT_EQ(budget.deadline(), call.deadline);
  EXPECT_TRUE(budget.Check("this").ok());
  gone = true;
  EXPECT_EQ(budget.Check("this").code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace shortlist
