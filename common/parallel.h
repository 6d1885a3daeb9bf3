// Threads for batch work (training, building an index, loading a bundle): a fixed number of workers
// that share a loop. Not for the request path. A caller that has a pace (common/background/pace.h)
// keeps it between the pieces of its own.
//
//   WorkerPool pool(2);
//   pool.ForEach(shards, [&](size_t shard) { ... });
//   RETURN_IF_ERROR(pool.RunAll({[&] { return OpenOne(); }, [&] { return OpenOther(); }}));
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace shortlist {

class WorkerPool {
 public:
  // At least one thread, the caller's included; 0 means one per core.
  explicit WorkerPool(size_t threads = 0);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  size_t threads() const { return workers_.size() + 1; }

  // Calls body(0) ... body(count - 1), each once, in no fixed order, on all threads; returns when
  // all are done. One call at a time; body must not throw or call ForEach.
  void ForEach(size_t count, const std::function<void(size_t)>& body);

  // Splits [0, count) into one contiguous range a thread, the same for the same number of
  // threads, and calls body(thread, begin, end) for each range that is not empty; the first
  // thread's is empty only if all are.
  void ForEachRange(size_t count, const std::function<void(size_t, size_t, size_t)>& body);

  // Runs every task once, as ForEach does. The error of the first of them, in their order, that has
  // one; the others have run all the same.
  absl::Status RunAll(std::initializer_list<std::function<absl::Status()>> tasks);

 private:
  void RunWorker();
  void TakeWork(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable work_available_;
  std::condition_variable work_done_;
  const std::function<void(size_t)>* body_ = nullptr;
  size_t next_ = 0;
  size_t count_ = 0;
  size_t running_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace shortlist
