#include "state/event_worth.h"

#include <cmath>
#include <optional>
#include <string_view>

#include "common/field_path.h"
#include "common/text/decimal.h"
#include "shortlist/v1/config.pb.h"
#include "shortlist/v1/dataset_spec.pb.h"
#include "state/event_types.h"

namespace shortlist {
namespace {

float OwnWorth(v1::EventType type) {
  switch (type) {
    case v1::EVENT_TYPE_CLICK:
    case v1::EVENT_TYPE_VIEW:
    case v1::EVENT_TYPE_LIKE:
    case v1::EVENT_TYPE_PURCHASE:
    case v1::EVENT_TYPE_RATING:
      return 1;
    case v1::EVENT_TYPE_DISLIKE:
    case v1::EVENT_TYPE_HIDE:
      return -1;
    default:
      return 0;
  }
}

}  // namespace

absl::StatusOr<EventWorth> EventWorth::Make(std::span<const v1::WorthRule> rules) {
  EventWorth worth;
  for (size_t i = 0; i < rules.size(); ++i) {
    const v1::WorthRule& given = rules[i];
    const FieldPath path{nullptr, "worth", static_cast<int>(i)};
    Rule rule{.worth = given.worth()};
    if (given.column() == "type") {
      rule.column = Column::kType;
    } else if (given.column() == "rating") {
      rule.column = Column::kRating;
    } else if (given.column() == "dwell_ms") {
      rule.column = Column::kDwell;
    } else {
      return Invalid({&path, "column"}, "must be type, rating or dwell_ms");
    }
    std::string_view field = "is";
    switch (given.condition_case()) {
      case v1::WorthRule::kIs: {
        rule.condition = Condition::kIs;
        if (given.is().empty()) return Invalid({&path, "is"}, "is empty");
        if (rule.column == Column::kType) {
          rule.type = given.is();
          break;
        }
        const std::optional<double> number = ParseDecimal(given.is());
        if (!number) return Invalid({&path, "is"}, "is not a number");
        rule.bound = *number;
        break;
      }
      case v1::WorthRule::kAtLeast:
        rule.condition = Condition::kAtLeast;
        rule.bound = given.at_least();
        field = "at_least";
        break;
      case v1::WorthRule::kAtMost:
        rule.condition = Condition::kAtMost;
        rule.bound = given.at_most();
        field = "at_most";
        break;
      case v1::WorthRule::CONDITION_NOT_SET:
        return Invalid(path, "has none of is, at_least and at_most");
    }
    if (rule.column == Column::kType && rule.condition != Condition::kIs)
      return Invalid({&path, field}, "is for rating and dwell_ms; a type has just \"is\"");
    if (std::isnan(rule.bound)) return Invalid({&path, field}, "is not a number");
    if (!std::isfinite(rule.worth)) return Invalid({&path, "worth"}, "is not finite");
    worth.rules_.push_back(std::move(rule));
  }
  v1::EventsConfig config;
  config.mutable_worth()->Assign(rules.begin(), rules.end());
  config.SerializeToString(&worth.bytes_);
  return worth;
}

absl::StatusOr<EventWorth> EventWorth::Parse(const std::string& bytes) {
  v1::EventsConfig config;
  if (!config.ParseFromString(bytes))
    return absl::InvalidArgumentError("are no rules of what events are worth");
  return Make(std::vector<v1::WorthRule>(config.worth().begin(), config.worth().end()));
}

float EventWorth::Of(const v1::Event& event) const {
  for (const Rule& rule : rules_)
    if (Meets(event, rule)) return rule.worth;
  return OwnWorth(event.type());
}

bool EventWorth::Meets(const v1::Event& event, const Rule& rule) {
  if (rule.column == Column::kType) return TypeName(event) == rule.type;
  double value = 0, bound = rule.bound;
  if (rule.column == Column::kRating) {
    if (!event.has_rating()) return false;
    value = event.rating();
    bound = static_cast<float>(bound);  // A rating of 3.3 is the float of that name.
  } else {
    if (!event.has_dwell_ms()) return false;
    value = static_cast<double>(event.dwell_ms());
  }
  switch (rule.condition) {
    case Condition::kIs:
      return value == bound;
    case Condition::kAtLeast:
      return value >= bound;
    case Condition::kAtMost:
      return value <= bound;
  }
  return false;
}

}  // namespace shortlist
