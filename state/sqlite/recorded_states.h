// The recorded parts of user states while a transaction works on them: each is read once, changed
// by any number of entries and written once.
//
//   RETURN_IF_ERROR(states.Apply(entry));   // for each entry
//   RETURN_IF_ERROR(states.Flush());
#pragma once

#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "features/user_state.h"
#include "shortlist/v1/events.pb.h"
#include "state/sqlite/sqlite_connection.h"
#include "state/state_projection.h"

namespace shortlist {

class RecordedStates {
 public:
  // Both must outlive it.
  static absl::StatusOr<RecordedStates> Prepare(SqliteConnection& connection,
                                                const StateProjection& projection);

  // DATA_LOSS when what is stored is no user state.
  absl::Status Apply(const v1::LogEntry& entry);
  // Writes all that has changed, and holds nothing any more.
  absl::Status Flush();
  // Leaves out what was not written: the transaction has failed.
  void Discard() { states_.clear(); }

  size_t size() const { return states_.size(); }

 private:
  RecordedStates() = default;

  const SqliteConnection* connection_ = nullptr;
  const StateProjection* projection_ = nullptr;
  SqliteStatement select_, write_;
  absl::flat_hash_map<std::string, UserState> states_;  // By key.
};

}  // namespace shortlist
