#include "common/background/times_asleep.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>

#include "tests/support/thread_work.h"

namespace shortlist {
namespace {

TEST(TimesAsleep, CountsWaitingAndNotWorking) {
  const int64_t before = TimesAsleep();
  WorkAWhile();
  EXPECT_EQ(TimesAsleep(), before);
  std::thread(WorkAWhile).join();  // Which waits.
  EXPECT_GT(TimesAsleep(), before);
}

}  // namespace
}  // namespace shortlist
