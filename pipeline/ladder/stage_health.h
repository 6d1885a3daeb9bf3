// What is known of a stage from the calls before: whether it is worth being asked, and how long it
// takes. A circuit breaker: after several failures in a row nobody waits for the stage any more,
// but for one request now and then that tries it; the first that has an answer closes it again.
//
// Thread-safe, without waiting.
//
//   if (health.IsUp(now)) { ... health.OnAnswer(status, allowed, took, now); }
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace shortlist {

// Whether an error is one of the stage, so that the answer can be made without it, and not one of
// the request.
bool IsOfAStage(const absl::Status& status);

class StageHealth {
 public:
  // So many failures in a row, and the stage is tried only once in `kTryInterval`.
  static constexpr int kMostFailures = 5;
  static constexpr absl::Duration kTryInterval = absl::Milliseconds(250);
  // A stage that was given less than this, or less than a few times what it takes, has not failed
  // when it was not done.
  static constexpr absl::Duration kFairTime = absl::Milliseconds(5);

  // Whether to ask the stage. One that says yes while the stage is down is the one that tries it.
  bool IsUp(absl::Time now);
  // How long an answer took lately; none before the first.
  absl::Duration ExpectedTime() const { return absl::Nanoseconds(expected_ns_.load()); }

  // `allowed` is how long the stage was given, `took` how long it took.
  void OnAnswer(const absl::Status& status, absl::Duration allowed, absl::Duration took,
                absl::Time now);

 private:
  std::atomic<int> failures_{0};
  std::atomic<int64_t> next_try_ns_{0};
  std::atomic<int64_t> expected_ns_{0};
};

}  // namespace shortlist
