// What an event is worth: above 0 it is something to learn from and to recommend more of, 0 says
// nothing, below 0 it was refused. The rules are those of data sets (shortlist.v1.WorthRule); their
// columns are "type" ("click", "view", "like", "dislike", "purchase", "rating", "hide", "impression" or
// a custom type), "rating" and "dwell_ms".
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "shortlist/v1/events.pb.h"

namespace shortlist {

// Const and thread-safe.
class EventWorth {
 public:
  // The types' own worth: 1 for clicks, views, likes, purchases and ratings, -1 for dislikes and
  // hides, 0 for impressions.
  EventWorth() = default;
  // Rules before those. INVALID_ARGUMENT names the rule and its field ("worth[1].column").
  static absl::StatusOr<EventWorth> Make(std::span<const v1::WorthRule> rules);

  float Of(const v1::Event& event) const;
};

}  // namespace shortlist
