// Counts the answers of each rung of the degradation ladder, and says in the log that answers are
// not made in full: when that begins, every ten seconds while it lasts, and when it is over.
//
// Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "absl/time/time.h"
#include "pipeline/ladder/rung.h"

namespace shortlist {

class RungLog {
 public:
  // To be told of every answer.
  void OnAnswer(RungId rung, absl::Time now);

  // How many answers a rung made.
  uint64_t answers(RungId rung) const { return answers_[static_cast<size_t>(rung)].load(); }

 private:
  using Counts = std::array<uint64_t, kPrecomputedRung + 1>;
  // What has come since the counts were these.
  std::string Since(const Counts& before) const;
  Counts Now() const;

  std::array<std::atomic<uint64_t>, kPrecomputedRung + 1> answers_{};
  std::atomic<bool> is_degraded_{false};
  std::mutex mutex_;  // Guards what follows.
  Counts before_{};
  absl::Time next_ = absl::InfinitePast();
  absl::Time last_degraded_ = absl::InfinitePast();
};

}  // namespace shortlist
