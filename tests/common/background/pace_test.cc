#include "common/background/pace.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <ctime>

namespace shortlist {
namespace {

// How many times this thread has fallen asleep.
int64_t Rests() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

// Until this thread has worked for some milliseconds more.
void Work() {
  const auto worked_ns = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec;
  };
  for (const int64_t begin_ns = worked_ns(); worked_ns() < begin_ns + 3'000'000;) {
  }
}

TEST(Pace, RestsOnceItHasWorkedForAWhile) {
  const std::atomic<bool> hurries = false;
  const Pace pace(0.5, hurries);
  const int64_t before = Rests();
  Pace::Keep();
  EXPECT_EQ(Rests(), before) << "it has done nothing";
  Work();
  Pace::Keep();
  EXPECT_GT(Rests(), before);
  const int64_t after = Rests();
  Pace::Keep();
  EXPECT_EQ(Rests(), after) << "it has rested";
}

TEST(Pace, RestsNoMoreInAHurry) {
  std::atomic<bool> hurries = false;
  const Pace pace(0.5, hurries);
  hurries = true;
  const int64_t before = Rests();
  Work();
  Pace::Keep();
  EXPECT_EQ(Rests(), before);
}

TEST(Pace, IsOfAThreadWhileItIsThere) {
  const std::atomic<bool> hurries = false;
  { const Pace pace(0.5, hurries); }
  const int64_t before = Rests();
  Work();
  Pace::Keep();
  EXPECT_EQ(Rests(), before);
}

}  // namespace
}  // namespace shortlist
