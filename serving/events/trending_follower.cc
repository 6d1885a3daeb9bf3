#include "serving/events/trending_follower.h"

#include <algorithm>

#include "common/logged_once.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

// Of a few entries none may be as late as those around them: events that were sent in later.
constexpr int kLookedAt = 100;

// 0 for what has no time of its own.
int64_t TimeOf(const v1::LogEntry& entry) {
  if (entry.has_event()) return entry.event().time_ms();
  if (entry.has_answer()) return entry.answer().time_ms();
  return entry.item().time_ms();
}

}  // namespace

absl::Status TrendingFollower::CatchUp() {
  const int64_t now_ms = absl::ToUnixMillis(clock_());
  const int64_t oldest_ms =
      now_ms - absl::ToInt64Milliseconds(TrendingItems::kHalfLivesKept * trending_.half_life());
  if (!position_) {
    ASSIGN_OR_RETURN(position_, FindBegin(oldest_ms));
  }
  absl::Status status =
      store_.VisitLog(*position_, [&](int64_t position, const v1::LogEntry& entry) {
        position_ = position;
        if (!entry.has_event()) return absl::OkStatus();
        const v1::Event& event = entry.event();
        const float worth = worth_.Of(event);
        if (worth > 0 && event.time_ms() >= oldest_ms)
          trending_.Add(event.item_id(), std::min(event.time_ms(), now_ms), worth);
        return absl::OkStatus();
      });
  trending_.Publish();
  return status;
}

absl::StatusOr<int64_t> TrendingFollower::FindBegin(int64_t oldest_ms) const {
  int64_t begin = 0, end = 1;  // What comes behind `begin` is old, unless that is 0.
  while (true) {
    ASSIGN_OR_RETURN(const bool is_old, IsOldAfter(end, oldest_ms));
    if (!is_old) break;
    begin = end;
    end *= 2;
  }
  while (end - begin > 1) {
    const int64_t middle = begin + (end - begin) / 2;
    ASSIGN_OR_RETURN(const bool is_old, IsOldAfter(middle, oldest_ms));
    (is_old ? begin : end) = middle;
  }
  return begin;
}

absl::StatusOr<bool> TrendingFollower::IsOldAfter(int64_t position, int64_t oldest_ms) const {
  int looked_at = 0;
  bool is_old = true;
  absl::Status status =
      store_.VisitLog(position, [&](int64_t /*position*/, const v1::LogEntry& entry) {
        const int64_t time_ms = TimeOf(entry);
        if (time_ms == 0) return absl::OkStatus();
        is_old = is_old && time_ms < oldest_ms;
        return ++looked_at < kLookedAt && is_old ? absl::OkStatus() : absl::CancelledError();
      });
  if (!status.ok() && !absl::IsCancelled(status)) return status;
  return looked_at > 0 && is_old;
}

void TrendingFollower::Start(absl::Duration interval) {
  task_.emplace(interval, LoggedOnce("events that trend are", [this] { return CatchUp(); }));
}

}  // namespace shortlist
