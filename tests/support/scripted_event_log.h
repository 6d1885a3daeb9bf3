// An event log in memory, which refuses or holds what is appended as a test says. Thread-safe.
//
//   ScriptedEventLog log;
//   log.Hold();
//   ... something appends in another thread ...
//   log.WaitUntilHeld();
//   log.Release();
#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "state/event_log.h"

namespace shortlist {

class ScriptedEventLog : public EventLog {
 public:
  absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry> entries) override {
    std::unique_lock lock(mutex_);
    ++attempts_;
    holding_ = held_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    holding_ = false;
    if (!error_.ok()) return error_;
    entries_.insert(entries_.end(), entries.begin(), entries.end());
    changed_.notify_all();
    return AppendResult{.recorded = entries.size(), .known = 0};
  }
  absl::Status ReadAll(
      const std::function<absl::Status(const v1::LogEntry&)>& visit) const override {
    for (const v1::LogEntry& entry : entries())
      if (absl::Status status = visit(entry); !status.ok()) return status;
    return absl::OkStatus();
  }

  // From now on appends fail with it, or succeed where it is OK.
  void set_error(const absl::Status& error) {
    const std::lock_guard lock(mutex_);
    error_ = error;
  }
  // From now on appends wait for Release.
  void Hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void WaitUntilHeld() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return holding_; });
  }
  void WaitForAttempts(int attempts) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return attempts_ >= attempts; });
  }
  void WaitForEntries(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return entries_.size() >= count; });
  }
  std::vector<v1::LogEntry> entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  mutable std::mutex mutex_;  // Guards what follows.
  std::condition_variable changed_;
  std::vector<v1::LogEntry> entries_;
  absl::Status error_;
  int attempts_ = 0;
  bool held_ = false;
  bool holding_ = false;
};

}  // namespace shortlist
