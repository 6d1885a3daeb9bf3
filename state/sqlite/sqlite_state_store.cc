#include "state/sqlite/sqlite_state_store.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "state/sqlite/sqlite_log.h"
#include "state/sqlite/state_file.h"
#include "state/sqlite/state_writer.h"
#include "state/user_state_codec.h"

namespace shortlist {
namespace {

// Reads from the page cache without a system call a page; SQLite bounds it to 2 GiB of the file.
constexpr char kMapFile[] = "PRAGMA mmap_size = 1099511627776";

// One statement, and so one round trip and one transaction.
enum Part : int64_t { kSeed, kRecorded, kForgotten };
constexpr char kSelectParts[] =
    "SELECT 0, state FROM seed WHERE key = ?1 "
    "UNION ALL SELECT 1, state FROM recorded WHERE key = ?1 "
    "UNION ALL SELECT 2, NULL FROM forgotten WHERE tombstone = ?2";

absl::Status ReadOnly(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": is read-only"));
}

}  // namespace

// A connection and the one statement it is used with.
class SqliteStateStore::Reader {
 public:
  static absl::StatusOr<std::unique_ptr<Reader>> Open(const std::string& path,
                                                      SqliteConnection::Mode mode) {
    auto reader = std::make_unique<Reader>();
    ASSIGN_OR_RETURN(reader->connection_, SqliteConnection::Open(path, mode, kReaderTimeoutMs));
    RETURN_IF_ERROR(reader->connection_->Execute(kMapFile));
    ASSIGN_OR_RETURN(reader->select_, reader->connection_->Prepare(kSelectParts));
    return reader;
  }

  absl::StatusOr<bool> Read(std::string_view key, UserState& state) {
    const std::string tombstone = TombstoneOf(key);
    RETURN_IF_ERROR(select_.BindText(1, key));
    RETURN_IF_ERROR(select_.BindText(2, tombstone));
    UserState recorded;
    bool is_known = false;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, select_.Step());
      if (!more) break;
      is_known = true;
      const int64_t part = select_.Int(0);
      if (part == kForgotten) {
        recorded.is_forgotten = true;
      } else if (!DecodeUserState(select_.Bytes(1), part == kSeed ? state : recorded)) {
        select_.Reset();
        return absl::DataLossError(absl::StrCat(connection_->path(), ": the state of ",
                                                IsUserKey(key) ? "user " : "session ",
                                                AbslView(IdOf(key)), " is damaged"));
      }
    }
    state = Merge(std::move(state), std::move(recorded));
    return is_known;
  }

 private:
  std::unique_ptr<SqliteConnection> connection_;
  SqliteStatement select_;
};

SqliteStateStore::SqliteStateStore(std::string path, StateProjection projection)
    : path_(std::move(path)),
      projection_(std::move(projection)),
      queue_([this](std::span<const AppendQueue::Batch> batches) { return AppendAll(batches); }) {}

SqliteStateStore::~SqliteStateStore() = default;

absl::StatusOr<std::unique_ptr<SqliteStateStore>> SqliteStateStore::Open(
    const std::string& path, StateProjection projection) {
  auto store = std::unique_ptr<SqliteStateStore>(new SqliteStateStore(path, std::move(projection)));
  ASSIGN_OR_RETURN(store->reading_, ReadingModeOf(path));
  if (store->reading_ == SqliteConnection::kRead) {
    ASSIGN_OR_RETURN(store->writer_, StateWriter::Open(path, store->projection_));
  } else {
    ASSIGN_OR_RETURN(const std::unique_ptr<SqliteConnection> connection,
                     SqliteConnection::Open(path, store->reading_, kReaderTimeoutMs));
    RETURN_IF_ERROR(CheckStateFile(*connection));
  }
  return store;
}

absl::StatusOr<std::unique_ptr<SqliteStateStore>> SqliteStateStore::OpenOrCreate(
    const std::string& path, StateProjection projection) {
  const absl::StatusOr<SqliteConnection::Mode> reading = ReadingModeOf(path);
  if (reading.ok() && *reading != SqliteConnection::kRead) return ReadOnly(path);
  RETURN_IF_ERROR(CreateStateFile(path));
  return Open(path, std::move(projection));
}

absl::StatusOr<bool> SqliteStateStore::Read(std::string_view key, absl::Time /*deadline*/,
                                            UserState& state) const {
  ASSIGN_OR_RETURN(std::unique_ptr<Reader> reader, TakeReader());
  absl::StatusOr<bool> known = reader->Read(key, state);
  // A connection that failed is closed, not reused.
  if (known.ok()) ReturnReader(std::move(reader));
  return known;
}

absl::StatusOr<AppendResult> SqliteStateStore::Append(std::span<const v1::LogEntry> entries) {
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

absl::StatusOr<std::vector<std::string>> SqliteStateStore::UserIds() const {
  ASSIGN_OR_RETURN(const std::unique_ptr<SqliteConnection> connection,
                   SqliteConnection::Open(path_, reading_, kWriterTimeoutMs));
  ASSIGN_OR_RETURN(
      SqliteStatement select,
      connection->Prepare("SELECT key FROM seed UNION SELECT key FROM recorded ORDER BY key"));
  std::vector<std::string> ids;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return ids;
    if (IsUserKey(select.Bytes(0))) ids.emplace_back(IdOf(select.Bytes(0)));
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
  std::lock_guard lock(writer_mutex_);
  if (writer_ == nullptr) return ReadOnly(path_);
  return writer_->InTransaction(write);
}

absl::StatusOr<std::unique_ptr<SqliteStateStore::Reader>> SqliteStateStore::TakeReader() const {
  {
    std::lock_guard lock(readers_mutex_);
    if (!idle_readers_.empty()) {
      std::unique_ptr<Reader> reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
  }
  return Reader::Open(path_, reading_);
}

void SqliteStateStore::ReturnReader(std::unique_ptr<Reader> reader) const {
  std::lock_guard lock(readers_mutex_);
  idle_readers_.push_back(std::move(reader));
}

}  // namespace shortlist
