#include "state/sqlite/state_writer.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"
#include "state/sqlite/log_block.h"
#include "state/sqlite/sqlite_log.h"
#include "state/sqlite/state_file.h"
#include "state/user_state_codec.h"

namespace shortlist {
namespace {

constexpr char kInsertSeed[] =
    "INSERT INTO seed (key, state) SELECT ?1, ?2 "
    "WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE tombstone = ?3) ON CONFLICT (key) DO NOTHING";

// Entries that Rebuild holds before it folds them.
constexpr size_t kMostHeldEntries = 100'000;

constexpr int kClearingTimeoutMs = 1'000;

}  // namespace

absl::StatusOr<std::unique_ptr<StateWriter>> StateWriter::Open(const std::string& path,
                                                               const StateProjection& projection,
                                                               LogTail& tail) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                   SqliteConnection::Open(path, SqliteConnection::kWrite, kWriterTimeoutMs));
  RETURN_IF_ERROR(CheckStateFile(*connection));
  // What is acknowledged outlives a loss of power.
  RETURN_IF_ERROR(connection->Execute("PRAGMA synchronous = FULL"));
  ASSIGN_OR_RETURN(const EventHash hash, ReadEventHash(*connection));
  ASSIGN_OR_RETURN(EventIds ids, EventIds::Prepare(*connection));
  ASSIGN_OR_RETURN(RecordedStates recorded,
                   RecordedStates::Prepare(*connection, projection, "recorded"));
  ASSIGN_OR_RETURN(RecordedStates base, RecordedStates::Prepare(*connection, projection, "base"));
  auto writer = std::unique_ptr<StateWriter>(new StateWriter(std::move(connection), projection,
                                                             tail, hash, std::move(ids),
                                                             std::move(recorded), std::move(base)));
  RETURN_IF_ERROR(writer->PrepareStatements());
  writer->connection_->CountJournalPages(writer->journal_pages_);
  RETURN_IF_ERROR(writer->CatchUp());
  return writer;
}

StateWriter::StateWriter(std::unique_ptr<SqliteConnection> connection,
                         const StateProjection& projection, LogTail& tail, const EventHash& hash,
                         EventIds ids, RecordedStates recorded, RecordedStates base)
    : connection_(std::move(connection)),
      projection_(projection),
      tail_(tail),
      hash_(hash),
      ids_(std::move(ids)),
      recorded_(std::move(recorded)),
      base_(std::move(base)) {}

absl::Status StateWriter::PrepareStatements() {
  ASSIGN_OR_RETURN(
      select_progress_,
      connection_->Prepare("SELECT folded, (SELECT bytes_before + length(entries) FROM log "
                           "ORDER BY position DESC LIMIT 1) FROM progress"));
  ASSIGN_OR_RETURN(select_blocks_,
                   connection_->Prepare("SELECT position, entries FROM log WHERE position > ?1 "
                                        "ORDER BY position"));
  ASSIGN_OR_RETURN(insert_block_,
                   connection_->Prepare("INSERT INTO log (position, time_ms, bytes_before, "
                                        "entries) VALUES (?1, ?2, ?3, ?4)"));
  ASSIGN_OR_RETURN(set_folded_, connection_->Prepare("UPDATE progress SET folded = ?1"));
  ASSIGN_OR_RETURN(place_item_change_,
                   connection_->Prepare("INSERT OR REPLACE INTO item_change (item_id, hides, "
                                        "position, change) VALUES (?1, ?2, ?3, ?4)"));
  return absl::OkStatus();
}

absl::Status StateWriter::InTransaction(const std::function<absl::Status(StateWriter&)>& write) {
  block_.clear();
  appended_.clear();
  appended_ids_.clear();
  absl::Status status = connection_->InTransaction([&]() -> absl::Status {
    RETURN_IF_ERROR(CatchUp());
    RETURN_IF_ERROR(write(*this));
    return WriteBlock();
  });
  if (!status.ok()) {
    are_ids_stale_ = true;
    return status;
  }
  // A reader may have been faster.
  tail_.Add(first_, appended_);
  tail_.Fold(folded_);
  return status;
}

absl::Status StateWriter::CatchUp() {
  ASSIGN_OR_RETURN(const bool found, select_progress_.Step());
  const int64_t folded = found ? select_progress_.Int(0) : 0;
  log_bytes_ = found ? select_progress_.Int(1) : 0;
  select_progress_.Reset();
  if (folded != folded_ || are_ids_stale_) {
    RETURN_IF_ERROR(ids_.Refresh());
    are_ids_stale_ = false;
    folded_ = folded;
    tail_.Fold(folded);
  }
  RETURN_IF_ERROR(select_blocks_.BindInt(1, tail_.end()));
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select_blocks_.Step());
    if (!more) return absl::OkStatus();
    const int64_t first = select_blocks_.Int(0);
    if (AddBlock(first, select_blocks_.Bytes(1), hash_, projection_, tail_)) continue;
    select_blocks_.Reset();
    return absl::DataLossError(
        absl::StrCat(connection_->path(), ": entry ", first, " of the event log is damaged"));
  }
}

absl::StatusOr<AppendResult> StateWriter::Append(std::span<const v1::LogEntry> entries) {
  AppendResult result;
  for (const v1::LogEntry& entry : entries) {
    absl::uint128 id = 0;
    if (entry.has_event()) {
      id = hash_.Of(entry.event().event_id());
      ASSIGN_OR_RETURN(const bool is_known, IsKnown(id));
      if (is_known) {
        ++result.known;
        continue;
      }
      appended_ids_.insert(id);
    }
    ++result.recorded;
    AddToBlock(entry, block_);
    appended_.push_back(MakeFoldable(entry, id, /*bytes=*/{}, projection_));
    if (entry.has_item())
      RETURN_IF_ERROR(
          PlaceItemChange(tail_.end() + static_cast<int64_t>(appended_.size()), entry.item()));
  }
  return result;
}

absl::StatusOr<bool> StateWriter::IsKnown(absl::uint128 id) {
  if (appended_ids_.contains(id) || tail_.HasEvent(id)) return true;
  return ids_.Contains(id);
}

absl::Status StateWriter::WriteBlock() {
  if (appended_.empty()) return absl::OkStatus();
  std::vector<std::string_view> parts;
  if (!SplitBlock(block_, parts) || parts.size() != appended_.size())
    return absl::InvalidArgumentError("a batch is too large");
  for (size_t i = 0; i < parts.size(); ++i) appended_[i].bytes = parts[i];
  first_ = tail_.end() + 1;
  RETURN_IF_ERROR(insert_block_.BindInt(1, first_));
  RETURN_IF_ERROR(insert_block_.BindInt(2, absl::ToUnixMillis(absl::Now())));
  RETURN_IF_ERROR(insert_block_.BindInt(3, log_bytes_));
  RETURN_IF_ERROR(insert_block_.BindBlob(4, block_));
  return insert_block_.Run();
}

absl::Status StateWriter::FinishFold(const TailSegment& segment) {
  if (segment.last() <= folded_) return absl::OkStatus();
  RETURN_IF_ERROR(ids_.Add(segment.Ids(), segment.last()));
  RETURN_IF_ERROR(set_folded_.BindInt(1, segment.last()));
  RETURN_IF_ERROR(set_folded_.Run());
  folded_ = segment.last();
  return absl::OkStatus();
}

absl::Status StateWriter::FoldAll() {
  for (const auto& segment : tail_.Seal()) {
    RETURN_IF_ERROR(recorded_.FoldAndWriteAll(*segment));
    RETURN_IF_ERROR(FinishFold(*segment));
  }
  return absl::OkStatus();
}

absl::Status StateWriter::ReplaceSeeds(const std::function<bool(UserState&)>& next) {
  RETURN_IF_ERROR(connection_->Execute("DELETE FROM seed"));
  ASSIGN_OR_RETURN(SqliteStatement insert, connection_->Prepare(kInsertSeed));
  std::string bytes;
  for (UserState state; next(state); state = {}) {
    if (state.user_id.empty())
      return absl::InvalidArgumentError(absl::StrCat(connection_->path(), ": user_id is empty"));
    if (!EncodeUserState(state, bytes))
      return absl::InvalidArgumentError(absl::StrCat(connection_->path(), ": the state of user ",
                                                     state.user_id, " is too large or not UTF-8"));
    const std::string key = UserKey(state.user_id);
    const std::string tombstone = TombstoneOf(key);
    RETURN_IF_ERROR(insert.BindText(1, key));
    RETURN_IF_ERROR(insert.BindBlob(2, bytes));
    RETURN_IF_ERROR(insert.BindText(3, tombstone));
    RETURN_IF_ERROR(insert.Run());
  }
  return absl::OkStatus();
}

absl::Status StateWriter::Rebuild() {
  RETURN_IF_ERROR(FoldAll());  // For the ids.
  RETURN_IF_ERROR(connection_->Execute(
      "DELETE FROM recorded; INSERT INTO recorded (key, position, state) SELECT key, position, "
      "state FROM base; DELETE FROM item_change WHERE position >= (SELECT min(position) FROM "
      "log)"));
  LogTail held;
  const auto fold = [&]() -> absl::Status {
    for (const auto& segment : held.Seal()) {
      RETURN_IF_ERROR(recorded_.FoldAndWriteAll(*segment));
      held.Fold(segment->last());
    }
    return absl::OkStatus();
  };
  std::string bytes;
  RETURN_IF_ERROR(
      VisitLog(*connection_, [&](int64_t position, const v1::LogEntry& entry) -> absl::Status {
        if (entry.has_item()) RETURN_IF_ERROR(PlaceItemChange(position, entry.item()));
        if (!projection_.Changes(entry)) return absl::OkStatus();
        entry.SerializeToString(&bytes);
        held.Add(position, {MakeFoldable(entry, /*id=*/0, bytes, projection_)});
        return held.size() < kMostHeldEntries ? absl::OkStatus() : fold();
      }));
  return fold();
}

absl::Status StateWriter::Forget(const std::string& key) {
  // So that no process has anything of them in its tail.
  RETURN_IF_ERROR(FoldAll());
  for (const char* sql : {"DELETE FROM seed WHERE key = ?1", "DELETE FROM recorded WHERE key = ?1",
                          "DELETE FROM base WHERE key = ?1"})
    RETURN_IF_ERROR(RunWith(key, sql));
  std::vector<absl::uint128> ids;
  RETURN_IF_ERROR(RemoveFromLog(*connection_, [&](const v1::LogEntry& entry) {
    if (KeyOf(entry) != key) return false;
    if (entry.has_event()) ids.push_back(hash_.Of(entry.event().event_id()));
    return true;
  }));
  RETURN_IF_ERROR(ids_.Remove(ids));
  ASSIGN_OR_RETURN(SqliteStatement insert,
                   connection_->Prepare("INSERT OR REPLACE INTO forgotten (tombstone, time_ms) "
                                        "VALUES (?1, ?2)"));
  const std::string tombstone = TombstoneOf(key);
  RETURN_IF_ERROR(insert.BindText(1, tombstone));
  RETURN_IF_ERROR(insert.BindInt(2, absl::ToUnixMillis(absl::Now())));
  return insert.Run();
}

absl::StatusOr<size_t> StateWriter::RemoveOldest(
    size_t most, const std::function<bool(int64_t, int64_t)>& goes) {
  ASSIGN_OR_RETURN(SqliteStatement select,
                   connection_->Prepare("SELECT position, time_ms, bytes_before, entries FROM log "
                                        "WHERE position <= ?1 ORDER BY position"));
  RETURN_IF_ERROR(select.BindInt(1, folded_));
  LogTail removed;
  int64_t last_first = 0;
  while (removed.size() < most) {
    ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more || !goes(select.Int(1), log_bytes_ - select.Int(2))) break;
    last_first = select.Int(0);
    if (!AddBlock(last_first, select.Bytes(3), hash_, projection_, removed))
      return absl::DataLossError(absl::StrCat(connection_->path(), ": entry ", last_first,
                                              " of the event log is damaged"));
  }
  select.Reset();
  for (const auto& segment : removed.Seal()) {
    RETURN_IF_ERROR(base_.FoldAndWriteAll(*segment));
    RETURN_IF_ERROR(ids_.RemoveRunsUntil(segment->last()));
  }
  RETURN_IF_ERROR(
      connection_->Execute(absl::StrCat("DELETE FROM log WHERE position <= ", last_first)));
  return removed.size();
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
  const std::string bytes = change.SerializeAsString();
  RETURN_IF_ERROR(place_item_change_.BindText(1, change.item_id()));
  RETURN_IF_ERROR(place_item_change_.BindInt(2, change.has_hidden_until_ms() ? 1 : 0));
  RETURN_IF_ERROR(place_item_change_.BindInt(3, position));
  RETURN_IF_ERROR(place_item_change_.BindBlob(4, bytes));
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
