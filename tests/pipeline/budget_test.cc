#include "pipeline/budget.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(Budget, SaysAfterWhatTheDeadlinePassed) {
  absl::Time now = absl::UnixEpoch();
  const Clock clock = [&] { return now; };
  const Budget budget(clock, now + absl::Milliseconds(50));
  now += absl::Microseconds(49'999);
  EXPECT_TRUE(budget.Check("ranking").ok());
  EXPECT_EQ(budget.Now(), now);
  now += absl::Microseconds(1);
  EXPECT_EQ(budget.Check("ranking"),
            absl::DeadlineExceededError("the deadline passed after ranking"));
}

}  // namespace
}  // namespace shortlist
