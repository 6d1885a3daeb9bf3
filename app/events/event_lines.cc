#include "app/events/event_lines.h"

#include "common/status_macros.h"
#include "serving/requests/event_validation.h"

namespace shortlist {

absl::StatusOr<EventLines::Batch> EventLines::Next() {
  Batch batch;
  while (batch.request.events_size() < kMaxEvents) {
    v1::Event event;
    ASSIGN_OR_RETURN(const bool more, lines_.Next("an event", event));
    if (!more) break;
    *batch.request.add_events() = std::move(event);
    batch.lines.push_back(lines_.line());
  }
  return batch;
}

absl::Status EventLines::OfLine(const absl::Status& status, const Batch& batch) const {
  std::vector<std::string> places;
  for (const size_t line : batch.lines) places.push_back(lines_.PlaceOf(line));
  return AtPlace(status, "events", places);
}

}  // namespace shortlist
