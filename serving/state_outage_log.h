// Says in the log that user states cannot be read: when that begins, every minute while it lasts,
// and when it is over. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace shortlist {

class StateOutageLog {
 public:
  // To be told of every read: what came of it, at `now`.
  void OnRead(const absl::Status& status, absl::Time now);

 private:
  std::atomic<bool> is_out_ = false;
  std::mutex mutex_;
  size_t answers_ = 0;                      // Guarded by mutex_: without a state, since it began.
  absl::Time next_ = absl::InfinitePast();  // Guarded by mutex_: when to say it again.
};

}  // namespace shortlist
