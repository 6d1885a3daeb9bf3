#include "state/sqlite/state_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

constexpr char kCreateTables[] =
    "CREATE TABLE log (position INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, "
    "bytes_before INTEGER NOT NULL, entries BLOB NOT NULL);"
    "CREATE TABLE progress (folded INTEGER NOT NULL, hash_key BLOB NOT NULL, "
    "rules BLOB NOT NULL);"
    "INSERT INTO progress VALUES (0, randomblob(16), x'');"
    "CREATE TABLE id_run (last_position INTEGER PRIMARY KEY, first_bucket INTEGER NOT NULL, "
    "buckets INTEGER NOT NULL, ids INTEGER NOT NULL);"
    "CREATE TABLE id_bucket (bucket INTEGER PRIMARY KEY, ids BLOB NOT NULL);"
    "CREATE TABLE recorded (key TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL, "
    "state BLOB NOT NULL);"
    "CREATE TABLE base (key TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL, "
    "state BLOB NOT NULL);"
    "CREATE TABLE seed (key TEXT PRIMARY KEY NOT NULL, state BLOB NOT NULL);"
    "CREATE TABLE item_change (item_id TEXT NOT NULL, hides INTEGER NOT NULL, "
    "position INTEGER NOT NULL, change BLOB NOT NULL, PRIMARY KEY (item_id, hides)) WITHOUT ROWID;"
    "CREATE INDEX item_change_position ON item_change (position);"
    "CREATE TABLE forgotten (tombstone TEXT PRIMARY KEY NOT NULL, time_ms INTEGER NOT NULL)";

bool CanBeWritten(const std::filesystem::path& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

}  // namespace

absl::Status CreateStateFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<SqliteConnection> connection,
                   SqliteConnection::Open(path, SqliteConnection::kCreate, kWriterTimeoutMs));
  const auto is_empty = [&]() -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const int64_t application_id, connection->QueryInt("PRAGMA application_id"));
    ASSIGN_OR_RETURN(const int64_t tables,
                     connection->QueryInt("SELECT count(*) FROM sqlite_schema"));
    return application_id == 0 && tables == 0;
  };
  ASSIGN_OR_RETURN(const bool is_new, is_empty());
  if (!is_new) return absl::OkStatus();
  // Durable, and cannot be part of a transaction.
  RETURN_IF_ERROR(connection->Execute("PRAGMA journal_mode = WAL"));
  return connection->InTransaction([&]() -> absl::Status {
    // Another process may have been faster.
    ASSIGN_OR_RETURN(const bool still_new, is_empty());
    if (!still_new) return absl::OkStatus();
    RETURN_IF_ERROR(connection->Execute(kCreateTables));
    RETURN_IF_ERROR(
        connection->Execute(absl::StrCat("PRAGMA application_id = ", kStateFileApplicationId)));
    return connection->Execute(absl::StrCat("PRAGMA user_version = ", kStateFileVersion));
  });
}

absl::StatusOr<SqliteConnection::Mode> ReadingModeOf(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return absl::NotFoundError(absl::StrCat(path, ": no such user state file"));
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  if (CanBeWritten(path) && CanBeWritten(folder)) return SqliteConnection::kRead;
  const std::string journal = path + "-wal";
  if (std::filesystem::exists(journal, error) && std::filesystem::file_size(journal, error) != 0)
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is read-only, and ", journal,
                     " has changes that are not in it yet; stop what writes it, or open it once "
                     "where it can be written"));
  return SqliteConnection::kImmutable;
}

absl::Status CheckStateFile(SqliteConnection& connection) {
  ASSIGN_OR_RETURN(const int64_t application_id, connection.QueryInt("PRAGMA application_id"));
  if (application_id != kStateFileApplicationId)
    return absl::FailedPreconditionError(
        absl::StrCat(connection.path(), ": not a user state file"));
  ASSIGN_OR_RETURN(const int64_t version, connection.QueryInt("PRAGMA user_version"));
  if (version != kStateFileVersion)
    return absl::FailedPreconditionError(
        absl::StrCat(connection.path(), ": has version ", version, ", this program uses version ",
                     kStateFileVersion, "; delete it and run `shortlist train` again"));
  return absl::OkStatus();
}

absl::StatusOr<EventHash> ReadEventHash(SqliteConnection& connection) {
  ASSIGN_OR_RETURN(SqliteStatement select, connection.Prepare("SELECT hash_key FROM progress"));
  ASSIGN_OR_RETURN(const bool found, select.Step());
  if (!found || select.Bytes(0).size() != EventHash::kKeyBytes)
    return absl::DataLossError(absl::StrCat(connection.path(), ": the key of its ids is damaged"));
  return EventHash(select.Bytes(0));
}

}  // namespace shortlist
