// The event log as rows of a state file: a block of entries each (log_block.h).
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shortlist/v1/events.pb.h"
#include "state/sqlite/sqlite_connection.h"

namespace shortlist {

// Visits the entries in order, each with its position, until `visit` returns an error, which is
// returned. DATA_LOSS names an entry that is damaged.
absl::Status VisitLog(SqliteConnection& connection,
                      const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit);

// The same for the entries behind a position.
absl::Status VisitLogAfter(SqliteConnection& connection, int64_t after,
                           const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit);

// Within a transaction: removes the entries of which `is_to_go` says so. The others keep their
// positions.
absl::Status RemoveFromLog(SqliteConnection& connection,
                           const std::function<bool(const v1::LogEntry&)>& is_to_go);

// Visits the changes of items behind a position that still count, as StateStore::VisitItemChanges
// says.
absl::Status VisitItemChanges(
    SqliteConnection& connection, int64_t after,
    const std::function<absl::Status(int64_t, const v1::ItemChange&)>& visit);

}  // namespace shortlist
