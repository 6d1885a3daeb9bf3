#include "common/background/pace.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>

#include "common/background/times_asleep.h"
#include "common/parallel.h"
#include "tests/support/thread_work.h"

namespace shortlist {
namespace {

TEST(Pace, RestsOnceItHasWorkedForAWhile) {
  const std::atomic<int> waiting = 0;
  const Pace pace(0.5, waiting);
  const int64_t before = TimesAsleep();
  Pace::Keep();
  EXPECT_EQ(TimesAsleep(), before) << "it has done nothing";
  WorkAWhile();
  Pace::Keep();
  EXPECT_GT(TimesAsleep(), before);
  const int64_t after = TimesAsleep();
  Pace::Keep();
  EXPECT_EQ(TimesAsleep(), after) << "it has rested";
}

TEST(Pace, DoesNotRestWhileSomebodyWaits) {
  std::atomic<int> waiting = 0;
  const Pace pace(0.5, waiting);
  ++waiting;
  const int64_t before = TimesAsleep();
  WorkAWhile();
  Pace::Keep();
  EXPECT_EQ(TimesAsleep(), before);
  --waiting;
  Pace::Keep();
  EXPECT_GT(TimesAsleep(), before);
}

TEST(Pace, IsOfAThreadWhileItIsThere) {
  const std::atomic<int> waiting = 0;
  { const Pace pace(0.5, waiting); }
  const int64_t before = TimesAsleep();
  WorkAWhile();
  Pace::Keep();
  EXPECT_EQ(TimesAsleep(), before);
}

TEST(Pace, IsKeptBetweenThePiecesOfAWorkerPool) {
  const std::atomic<int> waiting = 0;
  const Pace pace(0.5, waiting);
  WorkerPool pool(1);
  const int64_t before = TimesAsleep();
  pool.ForEach(2, [](size_t) { WorkAWhile(); });
  EXPECT_GE(TimesAsleep(), before + 2);
}

}  // namespace
}  // namespace shortlist
