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
#include "common/clock.h"

namespace shortlist {

class RequestWorkers {
 public:
  struct Options {
    // Without any, Run runs every task itself.
    size_t threads = 0;
    // So many tasks in a row are run by a thread that calls Run, while none is queued: those that
    // it brings within `in_a_row` of the end of the one before.
    size_t run_by_callers = 0;
    absl::Duration in_a_row = absl::Microseconds(20);
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
  // How long a task would wait that is queued now: those before it, shared among the threads.
  absl::Duration ExpectedWait() const;

 private:
  bool RunByCaller(const std::function<void()>& task);
  void Work();

  const size_t run_by_callers_;
  const absl::Duration in_a_row_;
  const Clock clock_;
  std::atomic<size_t> queued_{0};  // The size of tasks_.
  std::mutex mutex_;
  std::condition_variable task_available_;
  std::deque<std::function<void()>> tasks_;
  std::atomic<int64_t> queued_since_ns_{0};
  std::atomic<int64_t> task_time_ns_{0};  // Written under the lock.
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace shortlist
