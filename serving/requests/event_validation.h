// What must hold of events before they are recorded, as events.proto documents it.
#pragma once

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "shortlist/v1/config.pb.h"
#include "shortlist/v1/events.pb.h"

namespace shortlist {

inline constexpr int kMaxEvents = 1'000;  // Of one batch.

// What a configuration says of them.
struct EventRules {
  absl::Duration max_clock_skew;
  absl::flat_hash_set<std::string> custom_types;
};

// Of a complete configuration (serving/server.h).
EventRules MakeEventRules(const v1::EventsConfig& config);

// INVALID_ARGUMENT names the first event that is wrong, and its field: "events[3].rating: ...".
// `now`: the server's clock, which events may be ahead of by max_clock_skew. They may be as old as
// they like: those of yesterday's log are as good as any.
absl::Status Validate(const v1::RecordRequest& request, const EventRules& rules, absl::Time now);

}  // namespace shortlist
