#include "common/parallel.h"

#include <atomic>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::Each;
using ::testing::Eq;
using ::testing::Le;

TEST(WorkerPool, CallsEachIndexExactlyOnce) {
  for (size_t threads : {1, 2, 5}) {
    WorkerPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (size_t count : {0, 1, 3, 1000}) {
      std::vector<std::atomic<int>> calls(count);
      pool.ForEach(count, [&](size_t i) { ++calls[i]; });
      EXPECT_THAT(calls, Each(Eq(1))) << threads << " threads, " << count << " indices";
    }
  }
}

TEST(WorkerPool, CoversARangeWithOneContiguousPieceAThread) {
  WorkerPool pool(3);
  for (size_t count : {0, 1, 2, 3, 100}) {
    std::vector<std::atomic<int>> calls(count);
    std::vector<std::atomic<int>> pieces(pool.threads());
    pool.ForEachRange(count, [&](size_t thread, size_t begin, size_t end) {
      ++pieces[thread];
      for (size_t i = begin; i < end; ++i) ++calls[i];
    });
    EXPECT_THAT(calls, Each(Eq(1))) << count;
    EXPECT_THAT(pieces, Each(Le(1))) << count;
  }
}

TEST(WorkerPool, SplitsARangeTheSameWayEveryTime) {
  WorkerPool pool(4);
  auto split = [&] {
    std::vector<size_t> begins(pool.threads());
    pool.ForEachRange(103, [&](size_t thread, size_t begin, size_t) { begins[thread] = begin; });
    return begins;
  };
  EXPECT_EQ(split(), split());
}

TEST(WorkerPool, ReturnsOnlyWhenAllIsDone) {
  WorkerPool pool(2);
  for (int round = 0; round < 200; ++round) {
    std::vector<size_t> squares(50);
    pool.ForEach(squares.size(), [&](size_t i) { squares[i] = i * i; });
    for (size_t i = 0; i < squares.size(); ++i) ASSERT_EQ(squares[i], i * i);
  }
}

TEST(WorkerPool, RunsAllTasksAndSaysWhichFailedFirst) {
  for (size_t threads : {1, 3}) {
    WorkerPool pool(threads);
    std::atomic<int> run = 0;
    auto task = [&](absl::Status status) {
      return [&run, status] {
        ++run;
        return status;
      };
    };
    EXPECT_TRUE(pool.RunAll({task(absl::OkStatus()), task(absl::OkStatus())}).ok());
    EXPECT_EQ(pool.RunAll({task(absl::OkStatus()), task(absl::DataLossError("second")),
                           task(absl::InternalError("third"))}),
              absl::DataLossError("second"));
    EXPECT_EQ(run, 5);
  }
}

}  // namespace
}  // namespace shortlist
