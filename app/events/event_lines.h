// Events as JSON lines: one shortlist.v1.Event a line, in protobuf's JSON.
//
//   {"event_id": "a1", "user_id": "7", "item_id": "318", "type": "EVENT_TYPE_CLICK"}
//
// Read in batches as large as one request may be. Not thread-safe.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "app/input/json_lines.h"
#include "shortlist/v1/events.pb.h"

namespace shortlist {

class EventLines {
 public:
  struct Batch {
    v1::RecordRequest request;
    std::vector<size_t> lines;  // Of each event, from 1.
  };

  explicit EventLines(JsonLines lines) : lines_(std::move(lines)) {}

  // The next events; none at the end. Errors are those of JsonLines::Next.
  absl::StatusOr<Batch> Next();

  // What the service says of "events[3].rating", said of the line that it was in.
  absl::Status OfLine(const absl::Status& status, const Batch& batch) const;

 private:
  JsonLines lines_;
};

}  // namespace shortlist
