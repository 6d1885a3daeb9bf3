#include "serving/rpc/request_workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <thread>
#include <vector>

namespace shortlist {
namespace {

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
