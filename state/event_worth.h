// What an event is worth: above 0 it is something to learn from and to recommend more of, 0 says
// nothing, below 0 it was refused. The rules are those of data sets (shortlist.v1.WorthRule); their
// columns are "type" ("click", "view", "like", "dislike", "purchase", "rating", "hide",
// "impression" or a custom type), "rating" and "dwell_ms".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shortlist/v1/events.pb.h"

namespace shortlist::v1 {
class WorthRule;
}

namespace shortlist {

// Const and thread-safe.
class EventWorth {
 public:
  // The types' own worth: 1 for clicks, views, likes, purchases and ratings, -1 for dislikes and
  // hides, 0 for impressions and custom types.
  EventWorth() = default;
  // Rules before those. INVALID_ARGUMENT names the rule and its field ("worth[1].column").
  static absl::StatusOr<EventWorth> Make(std::span<const v1::WorthRule> rules);

  float Of(const v1::Event& event) const;

  // The rules as stored: a shortlist.v1.EventsConfig with nothing else.
  const std::string& bytes() const { return bytes_; }
  // INVALID_ARGUMENT: not what bytes() gave.
  static absl::StatusOr<EventWorth> Parse(const std::string& bytes);

 private:
  enum class Column { kType, kRating, kDwell };
  enum class Condition { kIs, kAtLeast, kAtMost };
  struct Rule {
    Column column;
    Condition condition;
    std::string type;  // Of kIs on the type.
    double bound;      // Of all others.
    float worth;
  };

  static bool Meets(const v1::Event& event, const Rule& rule);

  std::vector<Rule> rules_;
  std::string bytes_;
};

}  // namespace shortlist
