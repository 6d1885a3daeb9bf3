// Something that a thread of its own does again and again, with a pause before each time, until
// this goes.
//
// Destruction waits for what is being done.
//
//   RepeatedTask task(absl::Milliseconds(200), [&] { follower.CatchUp(); });
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/time/time.h"

namespace shortlist {

class RepeatedTask {
 public:
  RepeatedTask(absl::Duration pause, std::function<void()> task)
      : task_(std::move(task)), thread_([this, pause] { Run(pause); }) {}
  ~RepeatedTask() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  // Has it done once more without the pause.
  void Hurry() {
    {
      const std::lock_guard lock(mutex_);
      hurries_ = true;
    }
    changed_.notify_all();
  }
  RepeatedTask(const RepeatedTask&) = delete;
  RepeatedTask& operator=(const RepeatedTask&) = delete;

 private:
  void Run(absl::Duration pause) {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait_for(lock, absl::ToChronoNanoseconds(pause),
                        [this] { return stopping_ || hurries_; });
      if (stopping_) return;
      hurries_ = false;
      lock.unlock();
      task_();
      lock.lock();
    }
  }

  const std::function<void()> task_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false, hurries_ = false;  // Guarded by mutex_.
  std::thread thread_;
};

}  // namespace shortlist
