// A connection that reads states from a state file, and the one statement it is used with. Belongs
// to one thread at a time.
//
//   ASSIGN_OR_RETURN(const std::unique_ptr<StateReader> reader, StateReader::Open(path, mode,
//   projection, tail)); ASSIGN_OR_RETURN(const bool known, reader->Read(UserKey("42"), state));
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "features/user_state.h"
#include "state/sqlite/event_hash.h"
#include "state/sqlite/log_tail.h"
#include "state/sqlite/sqlite_connection.h"
#include "state/state_projection.h"

namespace shortlist {

class StateReader {
 public:
  // `projection` and `tail` must outlive it.
  static absl::StatusOr<std::unique_ptr<StateReader>> Open(const std::string& path,
                                                           SqliteConnection::Mode mode,
                                                           const StateProjection& projection,
                                                           LogTail& tail);

  // As UserStateStore::Read. Takes into the tail what others have appended.
  absl::StatusOr<bool> Read(std::string_view key, UserState& state);

 private:
  struct Parts;  // Of a state, as they are in the file.

  StateReader(std::unique_ptr<SqliteConnection> connection, const StateProjection& projection,
              LogTail& tail, const EventHash& hash)
      : connection_(std::move(connection)), projection_(projection), tail_(tail), hash_(hash) {}
  absl::Status ReadParts(std::string_view key, Parts& parts);
  absl::Status ReadRow(std::string_view key, Parts& parts) const;

  std::unique_ptr<SqliteConnection> connection_;
  const StateProjection& projection_;
  LogTail& tail_;
  const EventHash hash_;
  SqliteStatement select_;
};

}  // namespace shortlist
