// A table of states that the log comes to. Each row says up to which position of the log it has
// what there is of its key, so that entries can be folded into it key by key, in any number of
// transactions.
//
//   ASSIGN_OR_RETURN(auto folded, states.Fold(key, segment));   // reads; outside of a transaction,
//   too if (folded) RETURN_IF_ERROR(states.Write(*folded, segment));   // within one
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/sqlite/log_tail.h"
#include "state/sqlite/sqlite_connection.h"
#include "state/state_projection.h"

namespace shortlist {

class RecordedStates {
 public:
  // The table is "recorded" or "base". Connection and projection must outlive it.
  static absl::StatusOr<RecordedStates> Prepare(SqliteConnection& connection,
                                                const StateProjection& projection,
                                                const std::string& table);

  struct Folded {
    std::string key;
    std::optional<int64_t> before;  // The position of the row that was read; none: no row.
    int64_t position = 0;
    std::string state;  // As stored.
  };
  // The key's row with what the segment says of it. Nothing where the row has that already, or is
  // damaged: Read says so, and `shortlist state rebuild` mends it.
  absl::StatusOr<std::optional<Folded>> Fold(const std::string& key, const TailSegment& segment);
  // Where the row is not the one that was read any more, folds once more.
  absl::Status Write(const Folded& folded, const TailSegment& segment);
  // All keys of the segment, within a transaction.
  absl::Status FoldAndWriteAll(const TailSegment& segment);

 private:
  RecordedStates() = default;

  const SqliteConnection* connection_ = nullptr;
  const StateProjection* projection_ = nullptr;
  SqliteStatement select_, insert_, update_;
};

}  // namespace shortlist
