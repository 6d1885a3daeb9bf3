#include "serving/rpc/request_workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

namespace shortlist {
namespace {

// For callers that have slept since whatever they did.
int64_t HasSlept() {
  static int64_t times = 0;
  return ++times;
}

using ::testing::ElementsAre;

TEST(RequestWorkers, RunAsManyTasksAtOnceAsThereAreThreads) {
  RequestWorkers workers(3);
  std::latch all_running(3), done(3);
  for (int i = 0; i < 3; ++i)
    workers.Run([&] {
      all_running.arrive_and_wait();  // Would wait forever were one of them not started.
      done.count_down();
    });
  done.wait();
}

TEST(RequestWorkers, WithoutThreadsTasksRunAtOnceOnTheCallersThread) {
  RequestWorkers workers(0);
  std::thread::id thread;
  workers.Run([&] { thread = std::this_thread::get_id(); });
  EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST(RequestWorkers, RunTasksInTheOrderTheyCameIn) {
  std::vector<int> order;
  {
    RequestWorkers workers(1);
    for (int i = 0; i < 4; ++i) workers.Run([&order, i] { order.push_back(i); });
  }
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
}

TEST(RequestWorkers, CountWhatIsQueuedAndNotWhatRuns) {
  std::latch running(1), release(1);
  RequestWorkers workers(1);
  workers.Run([&] {
    running.count_down();
    release.wait();
  });
  running.wait();
  EXPECT_EQ(workers.queued(), 0u);
  std::latch done(2);
  for (int i = 0; i < 2; ++i) workers.Run([&] { done.count_down(); });
  EXPECT_EQ(workers.queued(), 2u);
  release.count_down();
  done.wait();
  EXPECT_EQ(workers.queued(), 0u);
}

TEST(RequestWorkers, ExpectATaskToWaitForThoseBeforeItAsLongAsTheyTookLately) {
  std::atomic<int> ms = 0;
  RequestWorkers workers(
      {.threads = 1, .clock = [&] { return absl::UnixEpoch() + absl::Milliseconds(ms.load()); }});
  const auto take = [&](int so_many_ms) {
    std::latch done(1);
    workers.Run([&] { ms += so_many_ms; });
    workers.Run([&] { done.count_down(); });  // Begins once the one before is counted.
    done.wait();
  };
  EXPECT_EQ(workers.task_time(), absl::ZeroDuration());
  take(10);
  EXPECT_GT(workers.task_time(), absl::Milliseconds(8));  // What counts its end takes nothing.
  EXPECT_LE(workers.task_time(), absl::Milliseconds(10));
  for (int i = 0; i < 200; ++i) take(2);
  EXPECT_GT(workers.task_time(), absl::Microseconds(500));
  EXPECT_LT(workers.task_time(), absl::Milliseconds(2));

  std::latch running(1), release(1), done(3);
  workers.Run([&] {
    running.count_down();
    release.wait();
  });
  running.wait();
  for (int i = 0; i < 3; ++i) workers.Run([&] { done.count_down(); });
  EXPECT_EQ(workers.ExpectedWait(), 3 * workers.task_time());
  release.count_down();
  done.wait();
}

// Who else uses the cores slows the queue down. The time of a task said nothing of that, and
// callers waited for several times as long as was thought.
TEST(RequestWorkers, ExpectAQueueToMoveOnAsItHasLately) {
  std::atomic<int> ms = 0;  // A task takes one, and another passes until the next begins.
  RequestWorkers workers(
      {.threads = 1, .clock = [&] { return absl::UnixEpoch() + absl::Milliseconds(++ms); }});
  std::latch running(1), release(1), waiting(1), go_on(1), done(3);
  workers.Run([&] {
    running.count_down();
    release.wait();
  });
  running.wait();
  for (int i = 0; i < 300; ++i) workers.Run([] {});
  workers.Run([&] {
    waiting.count_down();
    go_on.wait();
  });
  for (int i = 0; i < 3; ++i) workers.Run([&] { done.count_down(); });
  release.count_down();
  waiting.wait();
  EXPECT_LT(workers.task_time(), absl::Microseconds(1'100));
  EXPECT_GT(workers.ExpectedWait(), absl::Milliseconds(5));
  EXPECT_LE(workers.ExpectedWait(), absl::Milliseconds(6));
  go_on.count_down();
  done.wait();
}

// Once a machine stood still, calls were refused for as long as sixteen tasks after it.
TEST(RequestWorkers, ATaskThatTookAnyTimeSaysLittleOfTheNext) {
  std::atomic<int> ms = 0;
  RequestWorkers workers(
      {.threads = 1, .clock = [&] { return absl::UnixEpoch() + absl::Milliseconds(ms.load()); }});
  std::latch running(1), release(1), waiting(1), go_on(1);
  workers.Run([&] {
    running.count_down();
    release.wait();
  });
  running.wait();
  for (int i = 0; i < 100; ++i) workers.Run([&] { ms += 2; });
  workers.Run([&] { ms += 1'000; });
  workers.Run([&] {
    waiting.count_down();
    go_on.wait();
  });
  workers.Run([] {});
  release.count_down();
  waiting.wait();
  EXPECT_LT(workers.task_time(), absl::Milliseconds(3));
  EXPECT_LT(workers.ExpectedWait(), absl::Milliseconds(3));
  go_on.count_down();
}

// Idle threads that take up a burst at once say nothing of how fast a queue moves on.
TEST(RequestWorkers, ExpectNoFasterQueueThanTheThreadsCanWork) {
  std::atomic<int> ms = 0;
  RequestWorkers workers(
      {.threads = 4, .clock = [&] { return absl::UnixEpoch() + absl::Milliseconds(ms.load()); }});
  workers.Run([&] { ms += 10; });
  while (workers.task_time() == absl::ZeroDuration()) std::this_thread::yield();
  std::latch running(4), release(1);
  for (int i = 0; i < 4; ++i)
    workers.Run([&] {
      running.count_down();
      release.wait();
    });
  running.wait();
  for (int i = 0; i < 8; ++i) workers.Run([] {});
  EXPECT_EQ(workers.ExpectedWait(), absl::Milliseconds(20));
  release.count_down();
}

// A thread that has slept since has read all that there was.
TEST(RequestWorkers, ACallerRunsAFewTasksInARowAndThenQueuesUntilItHasSlept) {
  int64_t times_asleep = -1;  // Which no test before this one has left behind.
  const std::thread::id caller = std::this_thread::get_id();
  RequestWorkers workers(
      {.threads = 1, .run_by_callers = 2, .times_asleep = [&] { return times_asleep; }});
  const auto runs_it_itself = [&] {
    std::thread::id runner;
    std::latch done(1);
    workers.Run([&] {
      runner = std::this_thread::get_id();
      done.count_down();
    });
    done.wait();
    // The worker has taken up what was queued, and is done with it.
    while (workers.queued() > 0) std::this_thread::yield();
    return runner == caller;
  };
  EXPECT_TRUE(runs_it_itself());
  EXPECT_TRUE(runs_it_itself());
  EXPECT_FALSE(runs_it_itself());
  EXPECT_FALSE(runs_it_itself());
  ++times_asleep;
  EXPECT_TRUE(runs_it_itself());
  EXPECT_TRUE(runs_it_itself());
  EXPECT_FALSE(runs_it_itself());
}

TEST(RequestWorkers, WhatARequestAsksForMeanwhileIsQueued) {
  const std::thread::id caller = std::this_thread::get_id();
  std::thread::id outer, inner;
  std::latch done(1);
  RequestWorkers workers({.threads = 1, .run_by_callers = 4, .times_asleep = HasSlept});
  workers.Run([&] {
    outer = std::this_thread::get_id();
    workers.Run([&] {
      inner = std::this_thread::get_id();
      done.count_down();
    });
    done.wait();
  });
  EXPECT_EQ(outer, caller);
  EXPECT_NE(inner, caller);
}

TEST(RequestWorkers, CallersQueueWhileAnyIsQueued) {
  std::latch running(1), release(1), done(2);
  RequestWorkers workers({.threads = 1, .run_by_callers = 1, .times_asleep = HasSlept});
  std::thread::id third;
  workers.Run([&] {
    workers.Run([&] {
      running.count_down();
      release.wait();
    });
    running.wait();
    workers.Run([&] { done.count_down(); });
  });
  workers.Run([&] {
    third = std::this_thread::get_id();
    done.count_down();
  });
  EXPECT_EQ(workers.queued(), 2u);
  release.count_down();
  done.wait();
  EXPECT_NE(third, std::this_thread::get_id());
}

TEST(RequestWorkers, FinishWhatIsQueuedBeforeTheyStop) {
  std::latch release(1);
  std::vector<int> done;
  auto workers = std::make_unique<RequestWorkers>(1);
  workers->Run([&] { release.wait(); });
  for (int i = 0; i < 100; ++i) workers->Run([&, i] { done.push_back(i); });
  release.count_down();
  workers.reset();
  EXPECT_EQ(done.size(), 100u);
}

}  // namespace
}  // namespace shortlist
