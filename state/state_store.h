// One place for the event log and the user states, which are kept up to date with it. Every kind of
// store is a folder here and a line in the table (state_stores.cc).
//
// Implementations are thread-safe; other processes may use the same store.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<StateStore> store,
//                    OpenStateStore("sqlite:models/state.db", projection));
#pragma once

#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "features/user_state.h"
#include "state/event_log.h"
#include "state/user_state_store.h"

namespace shortlist {

class StateStore : public UserStateStore, public EventLog {
 public:
  // Replaces the seeds, the states that a data set began with: forgets those that are there and
  // stores those that `next` yields, one at a time, until it returns false. Recorded parts stay as
  // they are. `next` gets an empty state to fill in; one without user_id is INVALID_ARGUMENT. Readers
  // see the seeds of before until it is done, and an error leaves them untouched. A user that was
  // forgotten gets no seed.
  virtual absl::Status ReplaceSeeds(const std::function<bool(UserState&)>& next) = 0;

  // Makes all recorded parts anew from the log.
  virtual absl::Status Rebuild() = 0;

  // The right to be forgotten: deletes the user's seed, recorded part and entries of the log, so that
  // nothing of them is left in the store's files, and remembers that the user is forgotten, which
  // Read says (UserState::is_forgotten) until RemoveTombstones.
  virtual absl::Status Forget(std::string_view user_id) = 0;
};

}  // namespace shortlist
