// Events as JSON lines: one shortlist.v1.Event a line, in protobuf's JSON.
//
//   {"event_id": "a1", "user_id": "7", "item_id": "318", "type": "EVENT_TYPE_CLICK"}
//
// Read in batches as large as one request may be. Not thread-safe.
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shortlist/v1/events.pb.h"

namespace shortlist {

class EventLines {
 public:
  struct Batch {
    v1::RecordRequest request;
    std::vector<size_t> lines;  // Of each event, from 1.
  };

  // `name` is what errors call the input, which must outlive this.
  EventLines(std::istream& input, std::string name) : input_(input), name_(std::move(name)) {}

  // The next events; none at the end. Empty lines are skipped. INVALID_ARGUMENT "NAME:LINE: ..."
  // for a line that is not an event; DATA_LOSS where the input cannot be read.
  absl::StatusOr<Batch> Next();

  // What the service says of "events[3].rating", said of the line that it was in.
  absl::Status OfLine(const absl::Status& status, const Batch& batch) const;

 private:
  std::istream& input_;
  const std::string name_;
  size_t line_ = 0;
};

}  // namespace shortlist
