#include "serving/requests/event_validation.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "serving/requests/field_checks.h"
#include "state/event_types.h"

namespace shortlist {
namespace {

absl::Status CheckWho(const FieldPath& event, const v1::Event& message) {
  switch (message.who_case()) {
    case v1::Event::kUserId:
      return CheckNonEmptyText({&event, "user_id"}, message.user_id());
    case v1::Event::kSessionId:
      return CheckNonEmptyText({&event, "session_id"}, message.session_id());
    case v1::Event::WHO_NOT_SET:
      break;
  }
  return Invalid({&event, "user_id"}, "is missing; give it, or session_id");
}

absl::Status CheckTime(const FieldPath& field, int64_t time_ms, absl::Duration max_skew,
                       absl::Time now) {
  if (time_ms < 0) return Invalid(field, "is negative");
  if (time_ms <= absl::ToUnixMillis(now + max_skew)) return absl::OkStatus();
  return Invalid(field, absl::StrCat("is more than ", absl::ToInt64Seconds(max_skew),
                                     " s ahead of the server's clock, which says ",
                                     absl::ToUnixMillis(now), "; is ", time_ms));
}

absl::Status CheckCustomType(const FieldPath& field, const v1::Event& event,
                             const EventRules& rules) {
  if (event.type() != v1::EVENT_TYPE_CUSTOM) {
    if (event.custom_type().empty()) return absl::OkStatus();
    return Invalid(field, "is for events of EVENT_TYPE_CUSTOM");
  }
  RETURN_IF_ERROR(CheckNonEmptyText(field, event.custom_type()));
  if (rules.custom_types.contains(event.custom_type())) return absl::OkStatus();
  return Invalid(field, absl::StrCat("\"", event.custom_type(),
                                     "\" is not declared; a rule of the service's "
                                     "configuration, events.worth, must say what it is worth"));
}

absl::Status CheckRating(const FieldPath& field, const v1::Event& event) {
  if (event.type() == v1::EVENT_TYPE_RATING) {
    if (!event.has_rating()) return Invalid(field, "is missing");
    if (!std::isfinite(event.rating())) return Invalid(field, "is not finite");
  } else if (event.has_rating()) {
    return Invalid(field, "is for events of EVENT_TYPE_RATING");
  }
  return absl::OkStatus();
}

absl::Status CheckDwell(const FieldPath& field, const v1::Event& event) {
  if (!event.has_dwell_ms()) return absl::OkStatus();
  if (event.type() != v1::EVENT_TYPE_VIEW)
    return Invalid(field, "is for events of EVENT_TYPE_VIEW");
  if (event.dwell_ms() < 0) return Invalid(field, "is negative");
  return absl::OkStatus();
}

absl::Status CheckPlace(const FieldPath& event, const v1::Event& message) {
  RETURN_IF_ERROR(CheckText({&event, "request_id"}, message.request_id()));
  const FieldPath place{&event, "place"};
  if (message.request_id().empty()) {
    if (message.place() == 0) return absl::OkStatus();
    return Invalid(place, "is given without request_id");
  }
  if (message.place() >= 1) return absl::OkStatus();
  return Invalid(place, absl::StrCat("must be 1 or more, is ", message.place()));
}

absl::Status CheckEvent(const FieldPath& path, const v1::Event& event, const EventRules& rules,
                        absl::Time now) {
  RETURN_IF_ERROR(CheckNonEmptyText({&path, "event_id"}, event.event_id()));
  RETURN_IF_ERROR(CheckWho(path, event));
  RETURN_IF_ERROR(CheckNonEmptyText({&path, "item_id"}, event.item_id()));
  RETURN_IF_ERROR(CheckTime({&path, "time_ms"}, event.time_ms(), rules.max_clock_skew, now));
  const FieldPath type{&path, "type"};
  if (event.type() == v1::EVENT_TYPE_UNSPECIFIED) return Invalid(type, "is missing");
  if (!v1::EventType_IsValid(event.type())) return Invalid(type, "is not a type of event");
  RETURN_IF_ERROR(CheckCustomType({&path, "custom_type"}, event, rules));
  RETURN_IF_ERROR(CheckRating({&path, "rating"}, event));
  RETURN_IF_ERROR(CheckDwell({&path, "dwell_ms"}, event));
  return CheckPlace(path, event);
}

}  // namespace

EventRules MakeEventRules(const v1::EventsConfig& config) {
  EventRules rules{.max_clock_skew = absl::Seconds(config.max_clock_skew_seconds()),
                   .custom_types = {}};
  for (const v1::WorthRule& rule : config.worth())
    if (rule.column() == "type" && EventTypeOf(rule.is()) == v1::EVENT_TYPE_CUSTOM)
      rules.custom_types.insert(rule.is());
  return rules;
}

absl::Status Validate(const v1::RecordRequest& request, const EventRules& rules, absl::Time now) {
  const FieldPath events{nullptr, "events"};
  if (request.events().empty()) return Invalid(events, "is empty");
  RETURN_IF_ERROR(CheckSize(events, request.events_size(), kMaxEvents));
  for (int i = 0; i < request.events_size(); ++i)
    RETURN_IF_ERROR(CheckEvent({nullptr, "events", i}, request.events(i), rules, now));
  return absl::OkStatus();
}

}  // namespace shortlist
