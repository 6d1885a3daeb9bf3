#include "benchmarks/thread_clock.h"

#include <thread>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(ThreadMicros, IsTheProcessorTimeOfTheCallingThreadAlone) {
  const double before = ThreadMicros();
  double of_the_other = 0;
  std::thread worker([&] {
    volatile double sum = 0;
    while (ThreadMicros() < 20'000) sum = sum + 1;
    of_the_other = ThreadMicros();
  });
  worker.join();
  const double after = ThreadMicros();
  EXPECT_GE(of_the_other, 20'000);
  EXPECT_GE(after, before);
  EXPECT_LT(after - before, of_the_other);
}

}  // namespace
}  // namespace shortlist
