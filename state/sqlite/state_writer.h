// The connection that appends to a state file, and its statements. An append writes the log alone;
// what it comes to is in the tail in memory until it is folded into the tables (state_keeper.h).
// Belongs to one thread at a time.
//
//   ASSIGN_OR_RETURN(const std::unique_ptr<StateWriter> writer, StateWriter::Open(path, projection,
//   tail)); RETURN_IF_ERROR(writer->InTransaction([&](StateWriter& w) { return w.Rebuild(); }));
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "features/user_state.h"
#include "shortlist/v1/events.pb.h"
#include "state/event_log.h"
#include "state/sqlite/event_hash.h"
#include "state/sqlite/event_ids.h"
#include "state/sqlite/log_tail.h"
#include "state/sqlite/recorded_states.h"
#include "state/sqlite/sqlite_connection.h"
#include "state/state_projection.h"

namespace shortlist {

class StateWriter {
 public:
  // Reads the end of the log into `tail`, which, like `projection`, must outlive it. Errors are
  // those of CheckStateFile.
  static absl::StatusOr<std::unique_ptr<StateWriter>> Open(const std::string& path,
                                                           const StateProjection& projection,
                                                           LogTail& tail);

  // What `write` does is durable and in the tail when this returns or, on an error, undone.
  absl::Status InTransaction(const std::function<absl::Status(StateWriter&)>& write);

  // Each within a transaction; they do what StateStore says.
  absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry> entries);
  absl::Status ReplaceSeeds(const std::function<bool(UserState&)>& next);
  absl::Status Rebuild();
  absl::Status Forget(const std::string& key);
  absl::Status RemoveTombstones(absl::Time until);

  // Within one: notes that the states of the segment are folded, and takes over its ids.
  absl::Status FinishFold(const TailSegment& segment);
  // Within one: folds all that is not.
  absl::Status FoldAll();
  // Within one, with all folded: takes so many of the oldest entries (all of a row) out of the log
  // that `goes` says should go, given the time in milliseconds when they were recorded and how many
  // bytes the log has from them on. What they come to becomes the base of Rebuild. How many went.
  absl::StatusOr<size_t> RemoveOldest(size_t most,
                                      const std::function<bool(int64_t, int64_t)>& goes);

  // Outside of one: rewrites the file from what is in it, as a page holds on to what was moved or
  // deleted. UNAVAILABLE when a reader of what was there before keeps the file from being cleared.
  absl::Status ClearWhatWasDeleted();

  // How many pages the journal had when it was last written. Other connections may count there,
  // too.
  std::atomic<int64_t>& journal_pages() { return journal_pages_; }
  // Memory that tells new ids from known ones.
  size_t filter_bytes() const { return ids_.filter_bytes(); }

 private:
  StateWriter(std::unique_ptr<SqliteConnection> connection, const StateProjection& projection,
              LogTail& tail, const EventHash& hash, EventIds ids, RecordedStates recorded,
              RecordedStates base);
  absl::Status PrepareStatements();
  // Takes up what others have done.
  absl::Status CatchUp();
  absl::StatusOr<bool> IsKnown(absl::uint128 id);
  absl::Status WriteBlock();
  // It is the last of its item and kind.
  absl::Status PlaceItemChange(int64_t position, const v1::ItemChange& change);
  absl::Status RunWith(std::string_view key, const char* sql);

  std::unique_ptr<SqliteConnection> connection_;
  const StateProjection& projection_;
  LogTail& tail_;
  const EventHash hash_;
  EventIds ids_;
  RecordedStates recorded_, base_;
  SqliteStatement select_progress_, select_blocks_, insert_block_, set_folded_, place_item_change_;
  std::atomic<int64_t> journal_pages_ = 0;
  bool are_ids_stale_ = true;
  // Of the transaction: up to where the log is folded, the bytes before the log's end, and what is
  // appended, from which position on.
  int64_t folded_ = -1, log_bytes_ = 0, first_ = 0;
  std::string block_;
  std::vector<FoldableEntry> appended_;
  absl::flat_hash_set<absl::uint128> appended_ids_;
};

}  // namespace shortlist
