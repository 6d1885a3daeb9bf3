// What an event log says that models can learn from: a row for each thing that someone took up or
// refused, and what was told of users.
//
//   ASSIGN_OR_RETURN(const LoggedInteractions logged, ReadInteractions(*store, worth));
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "features/user_state.h"
#include "state/event_log.h"
#include "state/event_worth.h"

namespace shortlist {

struct LoggedInteraction {
  std::string user_id;  // "session:ID" of a session.
  std::string item_id;
  int64_t time_ms = 0;
  std::optional<float> rating;
  float worth = 1;              // Never 0.
  std::string device, surface;  // Of the answer that the item was in; empty: not known.
};

struct LoggedInteractions {
  // Events that are worth something, in the order of the log, then what was passed over.
  std::vector<LoggedInteraction> rows;
  uint64_t taken_up = 0, refused = 0, passed_over = 0;  // Of the rows.
  // By user id: their attributes, by name, as last told.
  std::map<std::string, std::vector<NamedAttribute>> users;
};

// Of an answer that something was taken up from, the items above the last one taken up that were
// left alone were passed over, which is worth -1 at the answer's time (Joachims et al., SIGIR 2005:
// what stands above a click was looked at). An answer that nothing was taken up from says nothing.
// Goes through the log twice.
absl::StatusOr<LoggedInteractions> ReadInteractions(const EventLog& log, const EventWorth& worth);

}  // namespace shortlist
