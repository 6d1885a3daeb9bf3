#include "state/sqlite/sqlite_state_store.h"

#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "state/sqlite/recorded_rules.h"
#include "state/sqlite/sqlite_log.h"
#include "state/sqlite/state_file.h"

namespace shortlist {
namespace {

absl::Status ReadOnly(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": is read-only"));
}

}  // namespace

SqliteStateStore::SqliteStateStore(std::string path, StateProjection projection)
    : path_(std::move(path)),
      projection_(std::move(projection)),
      queue_([this](std::span<const AppendQueue::Batch> batches) { return AppendAll(batches); }) {}

SqliteStateStore::~SqliteStateStore() = default;

absl::StatusOr<std::unique_ptr<SqliteStateStore>> SqliteStateStore::Open(const std::string& path,
                                                                         StateProjection projection,
                                                                         FoldAt fold_at) {
  ASSIGN_OR_RETURN(const SqliteConnection::Mode reading, ReadingModeOf(path));
  const bool may_write = reading == SqliteConnection::kRead;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<SqliteConnection> connection,
                     SqliteConnection::Open(path, may_write ? SqliteConnection::kWrite : reading,
                                            kWriterTimeoutMs));
    RETURN_IF_ERROR(CheckStateFile(*connection));
    ASSIGN_OR_RETURN(projection, AgreeOnRules(*connection, may_write, projection));
  }
  auto store = std::unique_ptr<SqliteStateStore>(new SqliteStateStore(path, std::move(projection)));
  store->reading_ = reading;
  if (may_write) {
    ASSIGN_OR_RETURN(store->writer_, StateWriter::Open(path, store->projection_, store->tail_));
    ASSIGN_OR_RETURN(store->keeper_,
                     StateKeeper::Start(path, store->projection_, store->tail_, *store->writer_,
                                        store->writer_mutex_, fold_at));
  }
  return store;
}

absl::StatusOr<std::unique_ptr<SqliteStateStore>> SqliteStateStore::OpenOrCreate(
    const std::string& path, StateProjection projection, FoldAt fold_at) {
  const absl::StatusOr<SqliteConnection::Mode> reading = ReadingModeOf(path);
  if (reading.ok() && *reading != SqliteConnection::kRead) return ReadOnly(path);
  RETURN_IF_ERROR(CreateStateFile(path));
  return Open(path, std::move(projection), fold_at);
}

absl::StatusOr<bool> SqliteStateStore::Read(std::string_view key, absl::Time /*deadline*/,
                                            UserState& state) const {
  ASSIGN_OR_RETURN(std::unique_ptr<StateReader> reader, TakeReader());
  absl::StatusOr<bool> known = reader->Read(key, state);
  // A connection that failed is closed, not reused.
  if (known.ok()) ReturnReader(std::move(reader));
  return known;
}

absl::StatusOr<AppendResult> SqliteStateStore::Append(std::span<const v1::LogEntry> entries) {
  if (keeper_ != nullptr) RETURN_IF_ERROR(keeper_->WaitForRoom());
  return queue_.Append(entries);
}

absl::StatusOr<std::vector<AppendResult>> SqliteStateStore::AppendAll(
    std::span<const AppendQueue::Batch> batches) {
  std::vector<AppendResult> results;
  RETURN_IF_ERROR(Write([&](StateWriter& writer) -> absl::Status {
    for (const AppendQueue::Batch& batch : batches) {
      ASSIGN_OR_RETURN(results.emplace_back(), writer.Append(batch));
    }
    return absl::OkStatus();
  }));
  return results;
}

absl::Status SqliteStateStore::ReadAll(
    const std::function<absl::Status(const v1::LogEntry&)>& visit) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<SqliteConnection> connection,
                   SqliteConnection::Open(path_, reading_, kWriterTimeoutMs));
  return shortlist::VisitLog(*connection,
                             [&](int64_t, const v1::LogEntry& entry) { return visit(entry); });
}

absl::Status SqliteStateStore::VisitLog(
    int64_t after, const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<SqliteConnection> connection,
                   SqliteConnection::Open(path_, reading_, kWriterTimeoutMs));
  return VisitLogAfter(*connection, after, visit);
}

absl::Status SqliteStateStore::VisitItemChanges(
    int64_t after, const std::function<absl::Status(int64_t, const v1::ItemChange&)>& visit) const {
  std::lock_guard lock(changes_reader_mutex_);
  if (changes_reader_ == nullptr) {
    ASSIGN_OR_RETURN(changes_reader_, SqliteConnection::Open(path_, reading_, kReaderTimeoutMs));
  }
  // A connection that failed is closed, not reused.
  std::unique_ptr<SqliteConnection> connection = std::move(changes_reader_);
  RETURN_IF_ERROR(shortlist::VisitItemChanges(*connection, after, visit));
  changes_reader_ = std::move(connection);
  return absl::OkStatus();
}

absl::Status SqliteStateStore::SetRetention(const LogRetention& retention) {
  if (keeper_ == nullptr) return ReadOnly(path_);
  keeper_->SetRetention(retention);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> SqliteStateStore::UserIds() const {
  // The tail first: what of it is folded meanwhile is in the tables then.
  UserState nobody;
  RETURN_IF_ERROR(Read("", nobody).status());  // So that it has what others have appended.
  std::set<std::string> ids;
  for (const std::string& key : tail_.Keys())
    if (IsUserKey(key)) ids.emplace(IdOf(key));
  ASSIGN_OR_RETURN(const std::unique_ptr<SqliteConnection> connection,
                   SqliteConnection::Open(path_, reading_, kWriterTimeoutMs));
  ASSIGN_OR_RETURN(SqliteStatement select,
                   connection->Prepare("SELECT key FROM seed UNION ALL SELECT key FROM recorded"));
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return std::vector<std::string>(ids.begin(), ids.end());
    if (IsUserKey(select.Bytes(0))) ids.emplace(IdOf(select.Bytes(0)));
  }
}

absl::Status SqliteStateStore::ReplaceSeeds(const std::function<bool(UserState&)>& next) {
  return Write([&](StateWriter& writer) { return writer.ReplaceSeeds(next); });
}

absl::Status SqliteStateStore::Rebuild() {
  return Write([](StateWriter& writer) { return writer.Rebuild(); });
}

absl::Status SqliteStateStore::Forget(std::string_view user_id) {
  const std::string key = UserKey(user_id);
  RETURN_IF_ERROR(Write([&](StateWriter& writer) { return writer.Forget(key); }));
  std::lock_guard lock(writer_mutex_);
  return writer_->ClearWhatWasDeleted();
}

absl::Status SqliteStateStore::RemoveTombstones(absl::Time until) {
  return Write([&](StateWriter& writer) { return writer.RemoveTombstones(until); });
}

absl::Status SqliteStateStore::Write(const std::function<absl::Status(StateWriter&)>& write) {
  if (writer_ == nullptr) return ReadOnly(path_);
  absl::Status status;
  {
    std::lock_guard lock(writer_mutex_);
    status = writer_->InTransaction(write);
  }
  keeper_->Notice();
  return status;
}

absl::StatusOr<std::unique_ptr<StateReader>> SqliteStateStore::TakeReader() const {
  {
    std::lock_guard lock(readers_mutex_);
    if (!idle_readers_.empty()) {
      std::unique_ptr<StateReader> reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
  }
  return StateReader::Open(path_, reading_, projection_, tail_);
}

void SqliteStateStore::ReturnReader(std::unique_ptr<StateReader> reader) const {
  std::lock_guard lock(readers_mutex_);
  idle_readers_.push_back(std::move(reader));
}

}  // namespace shortlist
