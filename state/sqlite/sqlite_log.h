// The event log as rows of a state file.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "shortlist/v1/events.pb.h"
#include "state/sqlite/sqlite_connection.h"

namespace shortlist {

// Visits the entries in order, each with its position, until `visit` returns an error, which is
// returned. The visitor may delete entries that it has seen. DATA_LOSS names an entry that is
// damaged.
absl::Status VisitLog(SqliteConnection& connection,
                      const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit);

// The same for the entries behind a position.
absl::Status VisitLogAfter(SqliteConnection& connection, int64_t after,
                           const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit);

// Visits the changes of items behind a position that still count, as StateStore::VisitItemChanges
// says.
absl::Status VisitItemChanges(
    SqliteConnection& connection, int64_t after,
    const std::function<absl::Status(int64_t, const v1::ItemChange&)>& visit);

}  // namespace shortlist
