// How much work requests are given: narrows it while they take long, and widens it again when they
// have been quick for a while. Narrow again right after widening, and the next try comes twice as
// late, so that under a steady load effort does not swing.
//
// It looks at windows of time, and counts requests that were refused because there are too many,
// and those that took more than a quarter of their budget. A window in which a tenth were refused,
// or most were late, narrows effort by a step; several in a row in which hardly any were widen it.
// So it goes by the median, and not by the tail, which a machine that stands still for a moment
// has, too.
//
// Thread-safe.
//
//   controller.OnRequest(took, budget, now);   // each request
//   ChooseRung(rungs, {.narrowing = controller.narrowing(), ...});
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>

#include "absl/time/time.h"

namespace shortlist {

class EffortController {
 public:
  static constexpr absl::Duration kWindow = absl::Milliseconds(250);
  // Fewer requests in a window say nothing.
  static constexpr size_t kFewest = 20;
  // A shorter budget counts as this one, so that callers in a hurry do not narrow others' effort.
  static constexpr absl::Duration kLeastBudget = absl::Milliseconds(20);
  static constexpr absl::Duration kFirstPause = absl::Seconds(1);
  static constexpr absl::Duration kLongestPause = absl::Seconds(32);

  explicit EffortController(size_t most_narrowing) : most_narrowing_(most_narrowing) {}

  // How many steps effort is narrowed now, 0 to most_narrowing.
  size_t narrowing() const { return narrowing_.load(std::memory_order_relaxed); }

  // A request took so long, from its arrival, of the time that it had.
  void OnRequest(absl::Duration took, absl::Duration budget, absl::Time now);
  // One was refused because there are too many.
  void OnRefusal(absl::Time now);

 private:
  // With the lock.
  void Count(absl::Time now);
  void EndWindow(absl::Time now);

  const size_t most_narrowing_;
  std::atomic<size_t> narrowing_{0};
  std::mutex mutex_;  // Guards what follows.
  absl::Time window_end_ = absl::InfinitePast();
  size_t requests_ = 0, late_ = 0, refused_ = 0;
  absl::Duration pause_ = kFirstPause;  // Of calm, before effort is widened.
  absl::Time calm_since_ = absl::InfiniteFuture();
  absl::Time widened_ = absl::InfinitePast();
};

}  // namespace shortlist
