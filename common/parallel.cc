#include "common/parallel.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/background/pace.h"
#include "common/status_macros.h"

namespace shortlist {

WorkerPool::WorkerPool(size_t threads) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  for (size_t i = 1; i < threads; ++i) workers_.emplace_back([this] { RunWorker(); });
}

WorkerPool::~WorkerPool() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_available_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void WorkerPool::ForEach(size_t count, const std::function<void(size_t)>& body) {
  std::unique_lock lock(mutex_);
  body_ = &body;
  next_ = 0;
  count_ = count;
  work_available_.notify_all();
  TakeWork(lock);
  work_done_.wait(lock, [this] { return running_ == 0; });
  body_ = nullptr;
  count_ = next_ = 0;
}

void WorkerPool::ForEachRange(size_t count,
                              const std::function<void(size_t, size_t, size_t)>& body) {
  ForEach(threads(), [&](size_t shard) {
    const size_t length = (count + threads() - 1) / threads();
    const size_t begin = std::min(count, length * shard);
    const size_t end = std::min(count, begin + length);
    if (begin < end) body(shard, begin, end);
  });
}

absl::Status WorkerPool::RunAll(std::initializer_list<std::function<absl::Status()>> tasks) {
  std::vector<absl::Status> results(tasks.size());
  ForEach(tasks.size(), [&](size_t task) { results[task] = std::data(tasks)[task](); });
  for (absl::Status& result : results) RETURN_IF_ERROR(std::move(result));
  return absl::OkStatus();
}

void WorkerPool::RunWorker() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_available_.wait(lock, [this] { return stopping_ || next_ < count_; });
    if (stopping_) return;
    TakeWork(lock);
    work_done_.notify_one();
  }
}

void WorkerPool::TakeWork(std::unique_lock<std::mutex>& lock) {
  while (next_ < count_) {
    size_t index = next_++;
    const auto& body = *body_;
    ++running_;
    lock.unlock();
    body(index);
    Pace::Keep();
    lock.lock();
    --running_;
  }
}

}  // namespace shortlist
