// The connection that writes a state file, and its statements. Belongs to one thread at a time.
//
//   ASSIGN_OR_RETURN(const std::unique_ptr<StateWriter> writer, StateWriter::Open(path,
//   projection)); RETURN_IF_ERROR(writer->InTransaction([&](StateWriter& w) { return w.Rebuild();
//   }));
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "features/user_state.h"
#include "shortlist/v1/events.pb.h"
#include "state/event_log.h"
#include "state/sqlite/recorded_states.h"
#include "state/sqlite/sqlite_connection.h"
#include "state/state_projection.h"

namespace shortlist {

class StateWriter {
 public:
  // `projection` must outlive it. Errors are those of CheckStateFile.
  static absl::StatusOr<std::unique_ptr<StateWriter>> Open(const std::string& path,
                                                           const StateProjection& projection);

  // What `write` does is durable when this returns or, on an error, undone.
  absl::Status InTransaction(const std::function<absl::Status(StateWriter&)>& write);

  // Each within a transaction; they do what StateStore says.
  absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry> entries);
  absl::Status ReplaceSeeds(const std::function<bool(UserState&)>& next);
  absl::Status Rebuild();
  absl::Status Forget(const std::string& key);
  absl::Status RemoveTombstones(absl::Time until);

  // Outside of one: rewrites the file from what is in it, as a page holds on to what was moved or
  // deleted. UNAVAILABLE when a reader of what was there before keeps the file from being cleared.
  absl::Status ClearWhatWasDeleted();

 private:
  StateWriter(std::unique_ptr<SqliteConnection> connection, RecordedStates states)
      : connection_(std::move(connection)), states_(std::move(states)) {}
  // It is the last of its item and kind.
  absl::Status PlaceItemChange(int64_t position, const v1::ItemChange& change);
  absl::Status RunWith(std::string_view key, const char* sql);

  std::unique_ptr<SqliteConnection> connection_;
  RecordedStates states_;
  SqliteStatement insert_entry_, place_item_change_;
  std::string bytes_;
};

}  // namespace shortlist
