// A state store's SQLite file: its tables, and what a file must be to be one. docs/formats.md
// describes it.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/sqlite/event_hash.h"
#include "state/sqlite/sqlite_connection.h"

namespace shortlist {

// PRAGMA application_id and user_version: what the file is, and the version of its tables.
inline constexpr int kStateFileApplicationId = 0x534C5553;
inline constexpr int kStateFileVersion = 4;

// How long to wait for another connection's lock: requests cannot, batch work can.
inline constexpr int kReaderTimeoutMs = 50;
inline constexpr int kWriterTimeoutMs = 10'000;

// Makes the file, with nothing in it, where there is none.
absl::Status CreateStateFile(const std::string& path);

// How to open the file for reading: kRead where its folder can be written, otherwise kImmutable.
// NOT_FOUND when there is no such file; FAILED_PRECONDITION when others' changes to a read-only
// file could not be seen.
absl::StatusOr<SqliteConnection::Mode> ReadingModeOf(const std::string& path);

// FAILED_PRECONDITION when the connection's file holds something else or was written by another
// version of the program.
absl::Status CheckStateFile(SqliteConnection& connection);

// What the file takes ids of events for.
absl::StatusOr<EventHash> ReadEventHash(SqliteConnection& connection);

}  // namespace shortlist
