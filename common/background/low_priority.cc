#include "common/background/low_priority.h"

#include <sys/resource.h>

#include <thread>

namespace shortlist {
namespace {

constexpr int kNice = 10;

}  // namespace

void LowerPriority(int niceness) {
  // Of Linux's threads, each has a priority of its own; 0 is this one.
  ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + niceness);
}

void RunAtLowPriority(absl::FunctionRef<void()> task) {
  // A thread may lower its priority and not raise it again: so it is one that ends.
  std::thread thread([task] {
    LowerPriority(kNice);
    task();
  });
  thread.join();
}

}  // namespace shortlist
