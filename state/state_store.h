// One place for the event log and the user states, which are kept up to date with it. Every kind of
// store is a folder here and a line in the table (state_stores.cc).
//
// Implementations are thread-safe; other processes may use the same store. What every one must do,
// tests/state/state_store_contract.h says.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<StateStore> store,
//                    OpenStateStore("sqlite:models/state.db", projection, IfMissing::kFail));
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "features/user_state.h"
#include "state/event_log.h"
#include "state/user_state_store.h"

namespace shortlist {

class StateStore : public UserStateStore, public EventLog {
 public:
  // Of every user that has a state, ascending; sessions are left out.
  virtual absl::StatusOr<std::vector<std::string>> UserIds() const = 0;

  // Replaces the seeds, the states that a data set began with: forgets those that are there and
  // stores those that `next` yields, one at a time, until it returns false. Recorded parts stay as
  // they are. `next` gets an empty state to fill in; one without user_id is INVALID_ARGUMENT.
  // Readers see the seeds of before until it is done, and an error leaves them untouched. A user
  // that was forgotten gets no seed.
  virtual absl::Status ReplaceSeeds(const std::function<bool(UserState&)>& next) = 0;

  // Visits, in the order in which they were appended, the changes of items behind a position of the
  // log (0: all) that still count: of every item the last that put it into the catalog or took it
  // out, and the last that hid it or showed it again. They come with their positions, above 0. Ends
  // with the error that `visit` returns, if it does.
  virtual absl::Status VisitItemChanges(
      int64_t after,
      const std::function<absl::Status(int64_t position, const v1::ItemChange&)>& visit) const = 0;

  // Visits what the log has behind a position (0: all of it), in the order in which it was
  // appended, until `visit` returns an error, which is returned. Positions are above 0 and grow.
  // UNIMPLEMENTED: the store has no order of all that was appended.
  virtual absl::Status VisitLog(
      int64_t after,
      const std::function<absl::Status(int64_t position, const v1::LogEntry&)>& visit) const;

  // Holds the log to these bounds from now on, in the background, a little late. UNIMPLEMENTED:
  // this kind of store keeps its log whole.
  virtual absl::Status SetRetention(const LogRetention& retention);

  // Makes all recorded parts anew from the log and from what has left it.
  virtual absl::Status Rebuild() = 0;

  // The right to be forgotten: deletes the user's seed, recorded part and entries of the log, so
  // that nothing of them is left in the store's files, and remembers that the user is forgotten,
  // which Read says (UserState::is_forgotten) until RemoveTombstones. They may come back, and what
  // they do then is recorded.
  virtual absl::Status Forget(std::string_view user_id) = 0;

  // Forgets who was forgotten before `until`: for when a model is published that was trained on
  // what was there then, so that no model holds their ids any more.
  virtual absl::Status RemoveTombstones(absl::Time until) = 0;
};

}  // namespace shortlist
