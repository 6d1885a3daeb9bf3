// A Record request from beginning to end: checks the events and appends them to the log. Plain code
// that needs no server.
//
// Const and thread-safe; refers to the log and the clock, which must outlive it.
#pragma once

#include "absl/status/status.h"
#include "common/clock.h"
#include "serving/requests/event_validation.h"
#include "shortlist/v1/events.pb.h"
#include "state/event_log.h"

namespace shortlist {

class EventRecorder {
 public:
  EventRecorder(EventLog& log, EventRules rules, const Clock& clock)
      : log_(log), rules_(std::move(rules)), clock_(clock) {}

  // Fills in `response`, which is empty, once all events are durable. Errors are those of
  // events.proto; after one nothing of the batch is recorded.
  absl::Status Record(const v1::RecordRequest& request, v1::RecordResponse& response) const;

 private:
  EventLog& log_;
  const EventRules rules_;
  const Clock& clock_;
};

}  // namespace shortlist
