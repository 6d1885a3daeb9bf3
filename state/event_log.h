// The log of all that was recorded: what users did, what they were shown, what was told of them. It
// is the truth; user states are a projection of it (state/state_projection.h).
//
// Implementations are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shortlist/v1/events.pb.h"

namespace shortlist {

struct AppendResult {
  size_t recorded = 0;
  // Events that changed nothing, as one of their id was recorded before: one of the same user or
  // session or, in some stores, of anyone. So, in some stores, for answers.
  size_t known = 0;
};

// What is beyond these bounds leaves the log, the oldest first. User states keep what they have of
// it, and so do the ids that events are known by, for a while; the next training does not see it.
struct LogRetention {
  absl::Duration max_age = absl::InfiniteDuration();        // Since an entry was recorded.
  int64_t max_bytes = std::numeric_limits<int64_t>::max();  // Of all entries.
};

class EventLog {
 public:
  virtual ~EventLog() = default;

  // Appends the entries and brings the user states up to date: all of it or, on an error, nothing
  // that is read; in a store of several partitions all or nothing of each user, and the same batch
  // may be sent again. Durable, and seen by every reader, when it returns. Entries are valid
  // (serving/requests/event_validation.h). UNAVAILABLE: the store is busy or away, try again;
  // RESOURCE_EXHAUSTED: its disk is full.
  virtual absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry> entries) = 0;

  // Visits the entries that were there when it was called, in the order in which they were
  // appended (in a store of several partitions: each user's), until `visit` returns an error, which
  // is returned.
  virtual absl::Status ReadAll(
      const std::function<absl::Status(const v1::LogEntry&)>& visit) const = 0;
};

}  // namespace shortlist
