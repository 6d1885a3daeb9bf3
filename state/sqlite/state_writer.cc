#include "state/sqlite/state_writer.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"
#include "state/sqlite/sqlite_log.h"
#include "state/sqlite/state_file.h"
#include "state/user_state_codec.h"

namespace shortlist {
namespace {

// In pages, 40 MB: what many appends change in the same pages is brought into the file once.
constexpr char kJournalSize[] = "PRAGMA wal_autocheckpoint = 10000";

constexpr char kInsertSeed[] =
    "INSERT INTO seed (key, state) SELECT ?1, ?2 "
    "WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE tombstone = ?3) ON CONFLICT (key) DO NOTHING";

// States that Rebuild holds before it writes them.
constexpr size_t kMostHeldStates = 10'000;

constexpr int kClearingTimeoutMs = 1'000;

}  // namespace

absl::StatusOr<std::unique_ptr<StateWriter>> StateWriter::Open(const std::string& path,
                                                               const StateProjection& projection) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                   SqliteConnection::Open(path, SqliteConnection::kWrite, kWriterTimeoutMs));
  RETURN_IF_ERROR(CheckStateFile(*connection));
  // What is acknowledged outlives a loss of power.
  RETURN_IF_ERROR(connection->Execute("PRAGMA synchronous = FULL"));
  RETURN_IF_ERROR(connection->Execute(kJournalSize));
  ASSIGN_OR_RETURN(RecordedStates states, RecordedStates::Prepare(*connection, projection));
  auto writer =
      std::unique_ptr<StateWriter>(new StateWriter(std::move(connection), std::move(states)));
  ASSIGN_OR_RETURN(writer->insert_entry_,
                   writer->connection_->Prepare("INSERT INTO log (event_id, entry) VALUES "
                                                "(?1, ?2) ON CONFLICT (event_id) DO NOTHING"));
  ASSIGN_OR_RETURN(
      writer->place_item_change_,
      writer->connection_->Prepare("INSERT OR REPLACE INTO item_change (item_id, hides, position) "
                                   "VALUES (?1, ?2, ?3)"));
  return writer;
}

absl::Status StateWriter::InTransaction(const std::function<absl::Status(StateWriter&)>& write) {
  absl::Status status = connection_->InTransaction([&]() -> absl::Status {
    RETURN_IF_ERROR(write(*this));
    return states_.Flush();
  });
  states_.Discard();
  return status;
}

absl::StatusOr<AppendResult> StateWriter::Append(std::span<const v1::LogEntry> entries) {
  AppendResult result;
  for (const v1::LogEntry& entry : entries) {
    entry.SerializeToString(&bytes_);
    RETURN_IF_ERROR(entry.has_event() ? insert_entry_.BindText(1, entry.event().event_id())
                                      : insert_entry_.BindNull(1));
    RETURN_IF_ERROR(insert_entry_.BindBlob(2, bytes_));
    RETURN_IF_ERROR(insert_entry_.Run());
    if (connection_->changes() == 0) {
      ++result.known;
      continue;
    }
    ++result.recorded;
    if (entry.has_item()) RETURN_IF_ERROR(PlaceItemChange(connection_->last_row(), entry.item()));
    RETURN_IF_ERROR(states_.Apply(entry));
  }
  return result;
}

absl::Status StateWriter::ReplaceSeeds(const std::function<bool(UserState&)>& next) {
  RETURN_IF_ERROR(connection_->Execute("DELETE FROM seed"));
  ASSIGN_OR_RETURN(SqliteStatement insert, connection_->Prepare(kInsertSeed));
  for (UserState state; next(state); state = {}) {
    if (state.user_id.empty())
      return absl::InvalidArgumentError(absl::StrCat(connection_->path(), ": user_id is empty"));
    if (!EncodeUserState(state, bytes_))
      return absl::InvalidArgumentError(absl::StrCat(connection_->path(), ": the state of user ",
                                                     state.user_id, " is too large or not UTF-8"));
    const std::string key = UserKey(state.user_id);
    const std::string tombstone = TombstoneOf(key);
    RETURN_IF_ERROR(insert.BindText(1, key));
    RETURN_IF_ERROR(insert.BindBlob(2, bytes_));
    RETURN_IF_ERROR(insert.BindText(3, tombstone));
    RETURN_IF_ERROR(insert.Run());
  }
  return absl::OkStatus();
}

absl::Status StateWriter::Rebuild() {
  RETURN_IF_ERROR(connection_->Execute("DELETE FROM recorded"));
  RETURN_IF_ERROR(connection_->Execute("DELETE FROM item_change"));
  return VisitLog(*connection_, [&](int64_t position, const v1::LogEntry& entry) -> absl::Status {
    if (entry.has_item()) RETURN_IF_ERROR(PlaceItemChange(position, entry.item()));
    if (states_.size() >= kMostHeldStates) RETURN_IF_ERROR(states_.Flush());
    return states_.Apply(entry);
  });
}

absl::Status StateWriter::Forget(const std::string& key) {
  for (const char* sql : {"DELETE FROM seed WHERE key = ?1", "DELETE FROM recorded WHERE key = ?1"})
    RETURN_IF_ERROR(RunWith(key, sql));
  ASSIGN_OR_RETURN(SqliteStatement remove,
                   connection_->Prepare("DELETE FROM log WHERE position = ?1"));
  RETURN_IF_ERROR(
      VisitLog(*connection_, [&](int64_t position, const v1::LogEntry& entry) -> absl::Status {
        if (KeyOf(entry) != key) return absl::OkStatus();
        RETURN_IF_ERROR(remove.BindInt(1, position));
        return remove.Run();
      }));
  ASSIGN_OR_RETURN(SqliteStatement insert,
                   connection_->Prepare("INSERT OR REPLACE INTO forgotten (tombstone, time_ms) "
                                        "VALUES (?1, ?2)"));
  const std::string tombstone = TombstoneOf(key);
  RETURN_IF_ERROR(insert.BindText(1, tombstone));
  RETURN_IF_ERROR(insert.BindInt(2, absl::ToUnixMillis(absl::Now())));
  return insert.Run();
}

absl::Status StateWriter::ClearWhatWasDeleted() {
  RETURN_IF_ERROR(connection_->Execute("VACUUM"));
  // Requests are done at once; whoever reads for longer may do so for long.
  connection_->SetTimeout(kClearingTimeoutMs);
  const absl::StatusOr<int64_t> is_busy = connection_->QueryInt("PRAGMA wal_checkpoint(TRUNCATE)");
  connection_->SetTimeout(kWriterTimeoutMs);
  if (!is_busy.ok()) return is_busy.status();
  if (*is_busy != 0)
    return absl::UnavailableError(
        absl::StrCat(connection_->path(),
                     ": is being read; what was deleted is still in the file, forget again"));
  return absl::OkStatus();
}

absl::Status StateWriter::PlaceItemChange(int64_t position, const v1::ItemChange& change) {
  RETURN_IF_ERROR(place_item_change_.BindText(1, change.item_id()));
  RETURN_IF_ERROR(place_item_change_.BindInt(2, change.has_hidden_until_ms() ? 1 : 0));
  RETURN_IF_ERROR(place_item_change_.BindInt(3, position));
  return place_item_change_.Run();
}

absl::Status StateWriter::RunWith(std::string_view key, const char* sql) {
  ASSIGN_OR_RETURN(SqliteStatement statement, connection_->Prepare(sql));
  RETURN_IF_ERROR(statement.BindText(1, key));
  return statement.Run();
}

absl::Status StateWriter::RemoveTombstones(absl::Time until) {
  return connection_->Execute(
      absl::StrCat("DELETE FROM forgotten WHERE time_ms < ", absl::ToUnixMillis(until)));
}

}  // namespace shortlist
