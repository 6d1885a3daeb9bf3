#include "state/sqlite/sqlite_state_store.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "state/sqlite/recorded_states.h"
#include "state/sqlite/state_file.h"
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

constexpr char kInsertSeed[] =
    "INSERT INTO seed (key, state) SELECT ?1, ?2 "
    "WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE tombstone = ?3) ON CONFLICT (key) DO NOTHING";

constexpr char kSelectItemChanges[] =
    "SELECT position, entry FROM item_change JOIN log USING (position) WHERE position > ?1 "
    "ORDER BY position";

// States that Rebuild holds before it writes them.
constexpr size_t kMostHeldStates = 10'000;

constexpr int kClearingTimeoutMs = 1'000;

absl::Status ReadOnly(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": is read-only"));
}

absl::Status DamagedEntry(const std::string& path, int64_t position) {
  return absl::DataLossError(
      absl::StrCat(path, ": entry ", position, " of the event log is damaged"));
}

// Visits positions and entries of the log, in order.
absl::Status VisitLog(SqliteConnection& connection,
                      const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit) {
  ASSIGN_OR_RETURN(SqliteStatement select,
                   connection.Prepare("SELECT position, entry FROM log ORDER BY position"));
  v1::LogEntry entry;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return absl::OkStatus();
    const std::string_view bytes = select.Bytes(1);
    if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
      return DamagedEntry(connection.path(), select.Int(0));
    RETURN_IF_ERROR(visit(select.Int(0), entry));
  }
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

// The connection that writes, in one transaction at a time, and its statements.
class SqliteStateStore::Writer {
 public:
  static absl::StatusOr<std::unique_ptr<Writer>> Open(const std::string& path,
                                                      const StateProjection& projection) {
    ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                     SqliteConnection::Open(path, SqliteConnection::kWrite, kWriterTimeoutMs));
    RETURN_IF_ERROR(CheckStateFile(*connection));
    // What is acknowledged outlives a loss of power.
    RETURN_IF_ERROR(connection->Execute("PRAGMA synchronous = FULL"));
    ASSIGN_OR_RETURN(RecordedStates states, RecordedStates::Prepare(*connection, projection));
    auto writer = std::unique_ptr<Writer>(new Writer(std::move(connection), std::move(states)));
    ASSIGN_OR_RETURN(writer->insert_entry_,
                     writer->connection().Prepare("INSERT INTO log (event_id, entry) VALUES "
                                                  "(?1, ?2) ON CONFLICT (event_id) DO NOTHING"));
    ASSIGN_OR_RETURN(writer->place_item_change_,
                     writer->connection().Prepare(
                         "INSERT OR REPLACE INTO item_change (item_id, hides, position) "
                         "VALUES (?1, ?2, ?3)"));
    return writer;
  }

  SqliteConnection& connection() { return *connection_; }

  absl::Status InTransaction(const std::function<absl::Status(Writer&)>& write) {
    const absl::Status status = connection_->InTransaction([&]() -> absl::Status {
      RETURN_IF_ERROR(write(*this));
      return states_.Flush();
    });
    states_.Discard();
    return status;
  }

  absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry> entries) {
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

  absl::Status ReplaceSeeds(const std::function<bool(UserState&)>& next) {
    RETURN_IF_ERROR(connection_->Execute("DELETE FROM seed"));
    ASSIGN_OR_RETURN(SqliteStatement insert, connection_->Prepare(kInsertSeed));
    for (UserState state; next(state); state = {}) {
      if (state.user_id.empty())
        return absl::InvalidArgumentError(absl::StrCat(connection_->path(), ": user_id is empty"));
      if (!EncodeUserState(state, bytes_))
        return absl::InvalidArgumentError(absl::StrCat(connection_->path(), ": the state of user ",
                                                       state.user_id,
                                                       " is too large or not UTF-8"));
      const std::string key = UserKey(state.user_id);
      const std::string tombstone = TombstoneOf(key);
      RETURN_IF_ERROR(insert.BindText(1, key));
      RETURN_IF_ERROR(insert.BindBlob(2, bytes_));
      RETURN_IF_ERROR(insert.BindText(3, tombstone));
      RETURN_IF_ERROR(insert.Run());
    }
    return absl::OkStatus();
  }

  absl::Status Rebuild() {
    RETURN_IF_ERROR(connection_->Execute("DELETE FROM recorded"));
    RETURN_IF_ERROR(connection_->Execute("DELETE FROM item_change"));
    return VisitLog(*connection_, [&](int64_t position, const v1::LogEntry& entry) -> absl::Status {
      if (entry.has_item()) RETURN_IF_ERROR(PlaceItemChange(position, entry.item()));
      if (states_.size() >= kMostHeldStates) RETURN_IF_ERROR(states_.Flush());
      return states_.Apply(entry);
    });
  }

  absl::Status Forget(const std::string& key) {
    for (const char* sql :
         {"DELETE FROM seed WHERE key = ?1", "DELETE FROM recorded WHERE key = ?1"})
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

  // Rewrites the file from what is in it: a page holds on to what was moved or deleted.
  absl::Status ClearWhatWasDeleted() {
    RETURN_IF_ERROR(connection_->Execute("VACUUM"));
    // Requests are done at once; whoever reads for longer may do so for long.
    connection_->SetTimeout(kClearingTimeoutMs);
    const absl::StatusOr<int64_t> is_busy =
        connection_->QueryInt("PRAGMA wal_checkpoint(TRUNCATE)");
    connection_->SetTimeout(kWriterTimeoutMs);
    if (!is_busy.ok()) return is_busy.status();
    if (*is_busy != 0)
      return absl::UnavailableError(
          absl::StrCat(connection_->path(),
                       ": is being read; what was deleted is still in the file, forget again"));
    return absl::OkStatus();
  }

 private:
  Writer(std::unique_ptr<SqliteConnection> connection, RecordedStates states)
      : connection_(std::move(connection)), states_(std::move(states)) {}

  // It is the last of its item and kind.
  absl::Status PlaceItemChange(int64_t position, const v1::ItemChange& change) {
    RETURN_IF_ERROR(place_item_change_.BindText(1, change.item_id()));
    RETURN_IF_ERROR(place_item_change_.BindInt(2, change.has_hidden_until_ms() ? 1 : 0));
    RETURN_IF_ERROR(place_item_change_.BindInt(3, position));
    return place_item_change_.Run();
  }

  absl::Status RunWith(std::string_view key, const char* sql) {
    ASSIGN_OR_RETURN(SqliteStatement statement, connection_->Prepare(sql));
    RETURN_IF_ERROR(statement.BindText(1, key));
    return statement.Run();
  }

  std::unique_ptr<SqliteConnection> connection_;
  RecordedStates states_;
  SqliteStatement insert_entry_, place_item_change_;
  std::string bytes_;
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
    ASSIGN_OR_RETURN(store->writer_, Writer::Open(path, store->projection_));
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

absl::StatusOr<bool> SqliteStateStore::Read(std::string_view key, UserState& state) const {
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
  RETURN_IF_ERROR(Write([&](Writer& writer) -> absl::Status {
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
  return VisitLog(*connection, [&](int64_t, const v1::LogEntry& entry) { return visit(entry); });
}

absl::Status SqliteStateStore::VisitItemChanges(
    int64_t after, const std::function<absl::Status(int64_t, const v1::ItemChange&)>& visit) const {
  std::lock_guard lock(changes_reader_mutex_);
  if (changes_reader_ == nullptr) {
    ASSIGN_OR_RETURN(changes_reader_, SqliteConnection::Open(path_, reading_, kReaderTimeoutMs));
  }
  // A connection that failed is closed, not reused.
  std::unique_ptr<SqliteConnection> connection = std::move(changes_reader_);
  {
    ASSIGN_OR_RETURN(SqliteStatement select, connection->Prepare(kSelectItemChanges));
    RETURN_IF_ERROR(select.BindInt(1, after));
    v1::LogEntry entry;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, select.Step());
      if (!more) break;
      const std::string_view bytes = select.Bytes(1);
      if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !entry.has_item())
        return DamagedEntry(path_, select.Int(0));
      RETURN_IF_ERROR(visit(select.Int(0), entry.item()));
    }
  }
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
  return Write([&](Writer& writer) { return writer.ReplaceSeeds(next); });
}

absl::Status SqliteStateStore::Rebuild() {
  return Write([](Writer& writer) { return writer.Rebuild(); });
}

absl::Status SqliteStateStore::Forget(std::string_view user_id) {
  const std::string key = UserKey(user_id);
  RETURN_IF_ERROR(Write([&](Writer& writer) { return writer.Forget(key); }));
  std::lock_guard lock(writer_mutex_);
  return writer_->ClearWhatWasDeleted();
}

absl::Status SqliteStateStore::RemoveTombstones(absl::Time until) {
  return Write([&](Writer& writer) {
    return writer.connection().Execute(
        absl::StrCat("DELETE FROM forgotten WHERE time_ms < ", absl::ToUnixMillis(until)));
  });
}

absl::Status SqliteStateStore::Write(const std::function<absl::Status(Writer&)>& write) {
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
