#include "common/background/repeated_task.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

namespace shortlist {
namespace {

TEST(RepeatedTask, IsDoneAgainAndAgainUntilItGoes) {
  std::mutex mutex;
  std::condition_variable changed;
  int times = 0;
  {
    const RepeatedTask task(absl::Milliseconds(1), [&] {
      const std::lock_guard lock(mutex);
      ++times;
      changed.notify_all();
    });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return times >= 3; });
  }
  EXPECT_GE(times, 3);
}

TEST(RepeatedTask, IsDoneAtOnceWhenHurried) {
  std::mutex mutex;
  std::condition_variable changed;
  int times = 0;
  RepeatedTask task(absl::Hours(1), [&] {
    const std::lock_guard lock(mutex);
    ++times;
    changed.notify_all();
  });
  task.Hurry();
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return times == 1; });
}

TEST(RepeatedTask, DoesNotWaitForThePauseToGo) {
  int times = 0;
  {
    const RepeatedTask task(absl::Hours(1), [&] { ++times; });
  }
  EXPECT_EQ(times, 0);
}

}  // namespace
}  // namespace shortlist
