// Keeps the counters of trending items up to date with the event log of the state store, which any
// process may append to: looks for what is new once a second. At its start it reads the end of the
// log, as far back as events count.
//
// CatchUp is for one caller at a time; refers to its parts, which must outlive it.
//
//   TrendingFollower follower(store, worth, trending, clock);
//   RETURN_IF_ERROR(follower.CatchUp());
//   follower.Start();
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/background/repeated_task.h"
#include "common/clock.h"
#include "retrieval/sources/trending_items.h"
#include "state/event_worth.h"
#include "state/state_store.h"

namespace shortlist {

class TrendingFollower {
 public:
  TrendingFollower(const StateStore& store, EventWorth worth, TrendingItems& trending,
                   const Clock& clock)
      : store_(store), worth_(std::move(worth)), trending_(trending), clock_(clock) {}

  // Everything worth more than 0 that was recorded before this was called counts when it returns,
  // unless it is older than TrendingItems::kHalfLivesKept half-lives. Errors are those of the
  // store; what was seen until then is not read again.
  absl::Status CatchUp();

  // Catches up by itself, until this goes. An error is logged once, and it is tried again.
  void Start(absl::Duration interval = absl::Seconds(1));

 private:
  // The position behind which the log has what may count, about: entries come in about in the order
  // of their times.
  absl::StatusOr<int64_t> FindBegin(int64_t oldest_ms) const;
  // Whether there is anything behind the position and all of the next entries are too old.
  absl::StatusOr<bool> IsOldAfter(int64_t position, int64_t oldest_ms) const;

  const StateStore& store_;
  const EventWorth worth_;
  TrendingItems& trending_;
  const Clock& clock_;
  std::optional<int64_t> position_;  // Of the last entry that was read.
  std::optional<RepeatedTask> task_;
};

}  // namespace shortlist
