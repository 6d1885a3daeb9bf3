// Counts the calls that were refused, by reason, and says so in the log: at once, and then at most
// once a second, with how many there were since.
//
// Thread-safe, without locks.
//
//   Refusals refusals("requests");
//   refusals.Count(Refusal::kQueueFull, clock());
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/time/time.h"

namespace shortlist {

enum class Refusal {
  kQueueFull,    // As many wait as may.
  kLongestWait,  // It would have waited longer than any may.
  kDeadline,     // It would have waited for too long to be answered by its deadline.
  kRateLimit,    // Its client makes too many.
};
inline constexpr size_t kRefusalReasons = 4;

class Refusals {
 public:
  // By reason.
  using Counts = std::array<int64_t, kRefusalReasons>;

  // `what` is refused, for the log.
  explicit Refusals(std::string what) : what_(std::move(what)) {}

  void Count(Refusal reason, absl::Time now);
  // Since the start.
  Counts counts() const;

 private:
  void Log();

  const std::string what_;
  std::array<std::atomic<int64_t>, kRefusalReasons> counts_{};
  std::atomic<int64_t> next_log_ns_{0};  // Since the Unix epoch.
  // What was counted when it was last logged. Of the thread that moved next_log_ns_.
  std::array<std::atomic<int64_t>, kRefusalReasons> logged_{};
};

}  // namespace shortlist
