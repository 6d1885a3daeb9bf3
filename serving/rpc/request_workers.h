// The threads that requests run on, and the queue in front of them.
//
// A service that computes has a thread for each core. While little is asked of it, it does without
// them: the thread of gRPC's that read a request runs it, which saves handing it over and waking
// another thread. But a thread that runs requests reads none, and those that it has read at once it
// brings one after the other, unseen until their turn. So it runs no more than a few in a row; what
// comes right after these is queued, and it goes back to reading.
//
//   RequestWorkers workers({.threads = 8});
//   workers.Run([=] { ... });
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/background/times_asleep.h"
#include "common/clock.h"

namespace shortlist {

class RequestWorkers {
 public:
  struct Options {
    // Without any, Run runs every task itself.
    size_t threads = 0;
    // So many tasks in a row are run by a thread that calls Run, while none is queued. A row ends
    // when the thread has slept: there was nothing more to read.
    size_t run_by_callers = 0;
    // How often the calling thread has slept.
    std::function<int64_t()> times_asleep = TimesAsleep;
    Clock clock = absl::Now;
  };

  explicit RequestWorkers(size_t threads) : RequestWorkers(Options{.threads = threads}) {}
  explicit RequestWorkers(const Options& options);
  // Runs what is still queued, then stops.
  ~RequestWorkers();
  RequestWorkers(const RequestWorkers&) = delete;
  RequestWorkers& operator=(const RequestWorkers&) = delete;

  // Runs the task before it returns, or queues it, for the next free thread to run in the order of
  // the calls. The queue has no bound here (serving/admission/admission_step.h). Thread-safe.
  void Run(std::function<void()> task);

  // Tasks that wait for a thread. Thread-safe, like those below without a lock.
  size_t queued() const { return queued_.load(std::memory_order_relaxed); }
  // Since when there has been no moment without one: the end of time where there is none now.
  absl::Time queued_since() const {
    return queued() == 0 ? absl::InfiniteFuture()
                         : absl::FromUnixNanos(queued_since_ns_.load(std::memory_order_relaxed));
  }
  // For how long a thread has lately been busy with a task: a moving average. Zero until one has
  // been done.
  absl::Duration task_time() const {
    return absl::Nanoseconds(task_time_ns_.load(std::memory_order_relaxed));
  }
  // How long a task would wait that is queued now. For each before it, the time that a task takes,
  // shared among the threads; where the queue has lately moved on more slowly, since other threads
  // use the cores as well, as long as that took.
  absl::Duration ExpectedWait() const;

 private:
  bool RunByCaller(const std::function<void()>& task);
  // How long the queue is expected to take to move on by one.
  int64_t StepNs() const;
  // It does. Under the lock.
  void MoveOn(absl::Time now);
  void Work();

  const size_t run_by_callers_;
  const std::function<int64_t()> times_asleep_;
  const Clock clock_;
  std::atomic<size_t> queued_{0};  // The size of tasks_.
  std::mutex mutex_;
  std::condition_variable task_available_;
  std::deque<std::function<void()>> tasks_;
  std::atomic<int64_t> queued_since_ns_{0};
  std::atomic<int64_t> task_time_ns_{0};  // Written under the lock.
  // The same. How long the queue has taken to move on by one since it was empty: a moving average.
  std::atomic<int64_t> step_ns_{0};
  absl::Time moved_on_ = absl::InfinitePast();  // Since when it has not been empty, or before.
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace shortlist
