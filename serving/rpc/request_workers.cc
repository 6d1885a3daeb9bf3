#include "serving/rpc/request_workers.h"

#include <algorithm>
#include <utility>

namespace shortlist {
namespace {

// The weight of the latest task in the average of what one takes: 1 / this.
constexpr int64_t kAveragedTasks = 16;

// What takes several times as long counts as twice the mean: while the machine stands still a task
// may take any time, and the next ones do not.
int64_t Averaged(int64_t mean, int64_t latest) {
  return mean + (std::min(latest, 2 * mean) - mean) / kAveragedTasks;
}

}  // namespace

RequestWorkers::RequestWorkers(const Options& options)
    : run_by_callers_(options.run_by_callers),
      times_asleep_(options.times_asleep),
      clock_(options.clock) {
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
  // What this thread has run in a row, and how often it had slept when the last of it ended.
  static thread_local struct {
    bool running = false;
    size_t tasks = 0;
    int64_t times_asleep = 0;
  } row;
  if (run_by_callers_ == 0 || queued() > 0 || row.running) return false;
  if (times_asleep_() != row.times_asleep) row.tasks = 0;
  if (row.tasks >= run_by_callers_) return false;
  row.running = true;
  task();
  row.running = false;
  ++row.tasks;
  row.times_asleep = times_asleep_();
  return true;
}

int64_t RequestWorkers::StepNs() const {
  return std::max(
      step_ns_.load(std::memory_order_relaxed),
      task_time_ns_.load(std::memory_order_relaxed) / static_cast<int64_t>(threads_.size()));
}

absl::Duration RequestWorkers::ExpectedWait() const {
  if (threads_.empty()) return absl::ZeroDuration();
  return absl::Nanoseconds(StepNs()) * static_cast<double>(queued());
}

void RequestWorkers::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    task_available_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    queued_.store(tasks_.size(), std::memory_order_relaxed);
    const absl::Time begin = clock_();
    MoveOn(begin);
    lock.unlock();
    task();
    task = nullptr;
    const int64_t took = absl::ToInt64Nanoseconds(clock_() - begin);
    lock.lock();
    const int64_t mean = task_time_ns_.load(std::memory_order_relaxed);
    task_time_ns_.store(mean == 0 ? took : Averaged(mean, took), std::memory_order_relaxed);
  }
}

void RequestWorkers::MoveOn(absl::Time now) {
  const bool was_empty = moved_on_ == absl::InfinitePast();
  const bool is_empty = tasks_.empty();
  int64_t step = 0;
  if (!is_empty && !was_empty) step = Averaged(StepNs(), absl::ToInt64Nanoseconds(now - moved_on_));
  step_ns_.store(step, std::memory_order_relaxed);
  moved_on_ = is_empty ? absl::InfinitePast() : now;
}

}  // namespace shortlist
