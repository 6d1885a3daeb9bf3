#include "common/background/low_priority.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <thread>

namespace shortlist {
namespace {

int Niceness() { return ::getpriority(PRIO_PROCESS, 0); }

TEST(LowPriority, TheTaskGivesWayAndThisThreadDoesNot) {
  const int before = Niceness();
  int within = -1;
  std::thread::id thread;
  RunAtLowPriority([&] {
    within = Niceness();
    thread = std::this_thread::get_id();
  });
  EXPECT_EQ(within, 19);
  EXPECT_EQ(Niceness(), before);
  EXPECT_NE(thread, std::this_thread::get_id());
}

}  // namespace
}  // namespace shortlist
