// How the log becomes user states. A state that is read has two parts, kept apart in the store: the
// seed, which a data set began with, and the recorded part, which this makes from the log entry by
// entry. Merge puts them together.
//
//   projection.Apply(entry, recorded);
//   Merge(std::move(seed), recorded) is the user's state.
#pragma once

#include <string>
#include <string_view>

#include "features/user_state.h"
#include "shortlist/v1/events.pb.h"
#include "state/event_worth.h"

namespace shortlist {

// Whose state it is, as the store's key: a user and a session never share one.
std::string UserKey(std::string_view user_id);
std::string SessionKey(std::string_view session_id);
// Of the one whom the entry is about.
std::string KeyOf(const v1::LogEntry& entry);

// Const and thread-safe.
class StateProjection {
 public:
  explicit StateProjection(EventWorth worth) : worth_(std::move(worth)) {}

  // Brings the recorded part of the state up to date with the next entry about its user. An event
  // worth more than 0 joins the history at its time; one worth less than 0 moves its item from
  // history to `refused`, until a later event likes it again; one worth 0 changes nothing.
  void Apply(const v1::LogEntry& entry, UserState& recorded) const;

 private:
  EventWorth worth_;
};

// The whole state: both histories in order of time, an interaction that both have (item and time)
// once; no item that was refused since; recorded attributes in the place of the seed's of their
// name.
UserState Merge(UserState seed, UserState recorded);

}  // namespace shortlist
