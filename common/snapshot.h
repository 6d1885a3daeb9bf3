// A shared, replaceable, immutable value: readers take the version of the moment and keep it alive
// for as long as they hold it; a writer puts a new one in its place. Thread-safe.
//
//   Snapshot<Bundle> current(bundle);
//   std::shared_ptr<const Bundle> b = current.Get();   // once per request
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace shortlist {

template <class T>
class Snapshot {
 public:
  Snapshot() = default;
  explicit Snapshot(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  // Null until the first Set.
  std::shared_ptr<const T> Get() const {
    std::lock_guard lock(mutex_);
    return value_;
  }

  void Set(std::shared_ptr<const T> value) {
    std::lock_guard lock(mutex_);
    value_.swap(value);  // The old value is destroyed after the lock is gone, if at all.
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace shortlist
