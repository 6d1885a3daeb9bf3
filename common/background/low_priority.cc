#include "common/background/low_priority.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <thread>

namespace shortlist {
namespace {

constexpr int kLowest = 19;
// Of Linux's slices, the longest: since 6.12 a thread that wakes takes the core at once from one of
// longer slices than its own, and not at the end of the slice. Older versions look at niceness
// alone.
constexpr uint64_t kSliceNs = 100'000'000;

// struct sched_attr of Linux, as far as every version has it.
struct SchedulingAttributes {
  uint32_t size = sizeof(SchedulingAttributes);
  uint32_t policy = SCHED_OTHER;
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t slice_ns = 0, deadline_ns = 0, period_ns = 0;
};

}  // namespace

void LowerPriority(int niceness) {
  // Of Linux's threads, each has a priority of its own; 0 is this one.
  ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + niceness);
}

void RunAtLowPriority(absl::FunctionRef<void()> task) {
  // A thread may lower its priority and not raise it again: so it is one that ends.
  std::thread thread([task] {
    ::setpriority(PRIO_PROCESS, 0, kLowest);
    SchedulingAttributes attributes;
    attributes.nice = kLowest;
    attributes.slice_ns = kSliceNs;
    ::syscall(SYS_sched_setattr, 0, &attributes, 0);
    task();
  });
  thread.join();
}

}  // namespace shortlist
