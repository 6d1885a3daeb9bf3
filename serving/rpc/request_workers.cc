#include "serving/rpc/request_workers.h"

#include <utility>

namespace shortlist {
namespace {

// The weight of the latest task in the average of what one takes: 1 / this.
constexpr int64_t kAveragedTasks = 16;

}  // namespace

RequestWorkers::RequestWorkers(const Options& options)
    : run_by_callers_(options.run_by_callers), in_a_row_(options.in_a_row), clock_(options.clock) {
  for (size_t i = 0; i < options.threads; ++i) threads_.emplace_back([this] { Work(); });
}

RequestWorkers::~RequestWorkers() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  task_available_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void RequestWorkers::Run(std::function<void()> task) {
  if (threads_.empty()) return task();
  if (RunByCaller(task)) return;
  {
    std::lock_guard lock(mutex_);
    if (tasks_.empty())
      queued_since_ns_.store(absl::ToUnixNanos(clock_()), std::memory_order_relaxed);
    tasks_.push_back(std::move(task));
    queued_.store(tasks_.size(), std::memory_order_relaxed);
  }
  task_available_.notify_one();
}

bool RequestWorkers::RunByCaller(const std::function<void()>& task) {
  // What this thread has run in a row, and when the last of it ended.
  static thread_local struct {
    bool running = false;
    size_t tasks = 0;
    absl::Time end;
  } row;
  if (run_by_callers_ == 0 || queued() > 0 || row.running) return false;
  if (absl::AbsDuration(clock_() - row.end) > in_a_row_) row.tasks = 0;
  if (row.tasks >= run_by_callers_) return false;
  row.running = true;
  task();
  row.running = false;
  ++row.tasks;
  row.end = clock_();
  return true;
}

absl::Duration RequestWorkers::ExpectedWait() const {
  if (threads_.empty()) return absl::ZeroDuration();
  return task_time() * static_cast<double>(queued()) / static_cast<double>(threads_.size());
}

void RequestWorkers::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    task_available_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    queued_.store(tasks_.size(), std::memory_order_relaxed);
    lock.unlock();
    const absl::Time begin = clock_();
    task();
    task = nullptr;
    const int64_t took = absl::ToInt64Nanoseconds(clock_() - begin);
    lock.lock();
    const int64_t mean = task_time_ns_.load(std::memory_order_relaxed);
    task_time_ns_.store(mean == 0 ? took : mean + (took - mean) / kAveragedTasks,
                        std::memory_order_relaxed);
  }
}

}  // namespace shortlist
