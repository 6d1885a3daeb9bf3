#include "state/sqlite/sqlite_user_state_store.h"

#include <sqlite3.h>

#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "state/user_state_codec.h"

namespace shortlist {
namespace {

// How long to wait for another connection's lock: requests cannot, batch work can.
constexpr int kReaderTimeoutMs = 50;
constexpr int kWriterTimeoutMs = 10'000;

constexpr char kSelect[] = "SELECT state FROM user_state WHERE user_id = ?1";
// Reads from the page cache without a system call a page; SQLite bounds it to 2 GiB of the file.
constexpr char kMapFile[] = "PRAGMA mmap_size = 1099511627776";
constexpr char kRecord[] =
    "INSERT INTO user_state (user_id, state, is_seed) VALUES (?1, ?2, 0) "
    "ON CONFLICT (user_id) DO UPDATE SET state = excluded.state, is_seed = 0";
constexpr char kDeleteSeeds[] = "DELETE FROM user_state WHERE is_seed";
// A recorded state stays.
constexpr char kSeed[] =
    "INSERT INTO user_state (user_id, state, is_seed) VALUES (?1, ?2, 1) "
    "ON CONFLICT (user_id) DO NOTHING";
constexpr char kCreateTable[] =
    "CREATE TABLE user_state (user_id TEXT PRIMARY KEY NOT NULL, state BLOB NOT NULL, "
    "is_seed INTEGER NOT NULL)";
constexpr char kMigrateFrom1[] =
    "ALTER TABLE user_state ADD COLUMN is_seed INTEGER NOT NULL DEFAULT 1";

}  // namespace

// An open database and the one statement it is used with. Not thread-safe.
class SqliteUserStateStore::Connection {
 public:
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, int flags,
                                                          int timeout_ms) {
    auto connection = std::unique_ptr<Connection>(new Connection(path));
    int result = sqlite3_open_v2(path.c_str(), &connection->db_, flags | SQLITE_OPEN_NOMUTEX,
                                 /*zVfs=*/nullptr);
    if (result != SQLITE_OK) return connection->Error("cannot open");
    sqlite3_busy_timeout(connection->db_, timeout_ms);
    return connection;
  }

  ~Connection() {
    sqlite3_finalize(statement_);
    sqlite3_close(db_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // In the place of the statement before.
  absl::Status Prepare(const char* sql) {
    sqlite3_finalize(statement_);
    statement_ = nullptr;
    int result = sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
    return result == SQLITE_OK ? absl::OkStatus() : Error("cannot be used as a state store");
  }

  absl::Status Execute(const std::string& sql) {
    int result = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
    return result == SQLITE_OK ? absl::OkStatus() : Error(absl::StrCat("cannot ", sql));
  }

  absl::StatusOr<int> QueryInt(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    int result = sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr);
    if (result == SQLITE_OK) result = sqlite3_step(statement);
    int value = result == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
    sqlite3_finalize(statement);
    if (result != SQLITE_ROW) return Error("cannot read");
    return value;
  }

  // For a connection prepared with kSelect.
  absl::StatusOr<bool> Select(std::string_view user_id, UserState& state) {
    RETURN_IF_ERROR(Bind(1, user_id, /*blob=*/false));
    bool parsed = true;
    int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) {
      const void* blob = sqlite3_column_blob(statement_, 0);
      parsed = DecodeUserState({static_cast<const char*>(blob),
                                static_cast<size_t>(sqlite3_column_bytes(statement_, 0))},
                               state);
    }
    // Also ends the read transaction, so that a writer's log can be folded back into the file.
    sqlite3_reset(statement_);
    if (result != SQLITE_ROW && result != SQLITE_DONE) return Error("cannot read a user state");
    if (!parsed)
      return absl::DataLossError(
          absl::StrCat(path_, ": the state of user ", AbslView(user_id), " is damaged"));
    return result == SQLITE_ROW;
  }

  // For a connection prepared with a query for ids.
  absl::StatusOr<std::vector<std::string>> SelectIds() {
    std::vector<std::string> ids;
    int result = sqlite3_step(statement_);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement_))
      ids.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement_, 0)),
                       static_cast<size_t>(sqlite3_column_bytes(statement_, 0)));
    sqlite3_reset(statement_);
    return result == SQLITE_DONE ? absl::StatusOr<std::vector<std::string>>(std::move(ids))
                                 : Error("cannot read the user ids");
  }

  // For a connection prepared with kRecord or kSeed.
  absl::Status Write(const UserState& state, std::string& buffer) {
    if (state.user_id.empty())
      return absl::InvalidArgumentError(absl::StrCat(path_, ": user_id is empty"));
    if (!EncodeUserState(state, buffer))
      return absl::InvalidArgumentError(
          absl::StrCat(path_, ": the state of user ", state.user_id, " is too large or not UTF-8"));
    RETURN_IF_ERROR(Bind(1, state.user_id, /*blob=*/false));
    RETURN_IF_ERROR(Bind(2, buffer, /*blob=*/true));
    int result = sqlite3_step(statement_);
    sqlite3_reset(statement_);
    return result == SQLITE_DONE ? absl::OkStatus() : Error("cannot write a user state");
  }

 private:
  explicit Connection(std::string path) : path_(std::move(path)) {}

  // The bytes must live until the statement has run.
  absl::Status Bind(int parameter, std::string_view bytes, bool blob) {
    int result =
        blob ? sqlite3_bind_blob64(statement_, parameter, bytes.data(), bytes.size(), SQLITE_STATIC)
             : sqlite3_bind_text64(statement_, parameter, bytes.data(), bytes.size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
    return result == SQLITE_OK ? absl::OkStatus() : Error("cannot bind");
  }

  absl::Status Error(std::string_view what) const {
    std::string message = absl::StrCat(path_, ": ", AbslView(what), ": ", sqlite3_errmsg(db_));
    switch (sqlite3_errcode(db_)) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        return absl::UnavailableError(message);
      case SQLITE_NOTADB:
        return absl::FailedPreconditionError(message);
      case SQLITE_CORRUPT:
        return absl::DataLossError(message);
      default:
        return absl::InternalError(message);
    }
  }

  std::string path_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

SqliteUserStateStore::SqliteUserStateStore(std::string path) : path_(std::move(path)) {}

SqliteUserStateStore::~SqliteUserStateStore() = default;

absl::StatusOr<std::unique_ptr<SqliteUserStateStore>> SqliteUserStateStore::Open(
    const std::filesystem::path& path) {
  auto store = std::unique_ptr<SqliteUserStateStore>(new SqliteUserStateStore(path.string()));
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return absl::NotFoundError(absl::StrCat(store->path_, ": no such user state file"));
  ASSIGN_OR_RETURN(store->writer_,
                   Connection::Open(store->path_, SQLITE_OPEN_READWRITE, kWriterTimeoutMs));
  ASSIGN_OR_RETURN(int application_id, store->writer_->QueryInt("PRAGMA application_id"));
  if (application_id != kUserStateApplicationId)
    return absl::FailedPreconditionError(absl::StrCat(store->path_, ": not a user state file"));
  ASSIGN_OR_RETURN(int version, store->writer_->QueryInt("PRAGMA user_version"));
  if (version == 1) {
    RETURN_IF_ERROR(store->Migrate());
  } else if (version != kUserStateSchemaVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(store->path_, ": has schema version ", version,
                     ", this program reads versions 1 to ", kUserStateSchemaVersion));
  }
  RETURN_IF_ERROR(store->writer_->Prepare(kRecord));
  return store;
}

absl::StatusOr<std::unique_ptr<SqliteUserStateStore>> SqliteUserStateStore::OpenOrCreate(
    const std::filesystem::path& path) {
  {
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                     Connection::Open(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                      kWriterTimeoutMs));
    // An empty file has neither tables nor an application id. Switching to WAL is durable and
    // cannot be part of the transaction.
    ASSIGN_OR_RETURN(int application_id, connection->QueryInt("PRAGMA application_id"));
    ASSIGN_OR_RETURN(int tables, connection->QueryInt("SELECT count(*) FROM sqlite_schema"));
    if (application_id == 0 && tables == 0) {
      RETURN_IF_ERROR(connection->Execute("PRAGMA journal_mode = WAL"));
      RETURN_IF_ERROR(connection->Execute("BEGIN IMMEDIATE"));
      // Another process may have been faster.
      ASSIGN_OR_RETURN(tables, connection->QueryInt("SELECT count(*) FROM sqlite_schema"));
      if (tables == 0) {
        RETURN_IF_ERROR(connection->Execute(kCreateTable));
        RETURN_IF_ERROR(
            connection->Execute(absl::StrCat("PRAGMA application_id = ", kUserStateApplicationId)));
        RETURN_IF_ERROR(
            connection->Execute(absl::StrCat("PRAGMA user_version = ", kUserStateSchemaVersion)));
      }
      RETURN_IF_ERROR(connection->Execute("COMMIT"));
    }
  }
  return Open(path);
}

absl::StatusOr<bool> SqliteUserStateStore::Read(std::string_view user_id, UserState& state) const {
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader, TakeReader());
  absl::StatusOr<bool> known = reader->Select(user_id, state);
  // A connection that failed is closed, not reused.
  if (known.ok()) ReturnReader(std::move(reader));
  return known;
}

absl::StatusOr<std::vector<std::string>> SqliteUserStateStore::UserIds() const {
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader,
                   Connection::Open(path_, SQLITE_OPEN_READONLY, kWriterTimeoutMs));
  RETURN_IF_ERROR(reader->Prepare("SELECT user_id FROM user_state ORDER BY user_id"));
  return reader->SelectIds();
}

absl::Status SqliteUserStateStore::WriteBatch(std::span<const UserState> states) {
  return WriteInTransaction([&](Connection& writer) -> absl::Status {
    std::string buffer;
    for (const UserState& state : states) RETURN_IF_ERROR(writer.Write(state, buffer));
    return absl::OkStatus();
  });
}

absl::Status SqliteUserStateStore::ReplaceSeeds(const std::function<bool(UserState&)>& next) {
  return WriteInTransaction([&](Connection& writer) -> absl::Status {
    RETURN_IF_ERROR(writer.Execute(kDeleteSeeds));
    RETURN_IF_ERROR(writer.Prepare(kSeed));
    std::string buffer;
    absl::Status status;
    for (UserState state; status.ok() && next(state); state = {})
      status = writer.Write(state, buffer);
    status.Update(writer.Prepare(kRecord));
    return status;
  });
}

absl::Status SqliteUserStateStore::Migrate() {
  return WriteInTransaction([&](Connection& writer) -> absl::Status {
    // Another process may have been faster.
    ASSIGN_OR_RETURN(const int version, writer.QueryInt("PRAGMA user_version"));
    if (version == kUserStateSchemaVersion) return absl::OkStatus();
    RETURN_IF_ERROR(writer.Execute(kMigrateFrom1));
    return writer.Execute(absl::StrCat("PRAGMA user_version = ", kUserStateSchemaVersion));
  });
}

absl::Status SqliteUserStateStore::WriteInTransaction(
    const std::function<absl::Status(Connection&)>& write) {
  std::lock_guard lock(writer_mutex_);
  RETURN_IF_ERROR(writer_->Execute("BEGIN IMMEDIATE"));
  absl::Status status = write(*writer_);
  if (status.ok()) status = writer_->Execute("COMMIT");
  // The first error is the one to report; after some errors SQLite has already rolled back.
  if (!status.ok()) (void)writer_->Execute("ROLLBACK");
  return status;
}

absl::StatusOr<std::unique_ptr<SqliteUserStateStore::Connection>> SqliteUserStateStore::TakeReader()
    const {
  {
    std::lock_guard lock(readers_mutex_);
    if (!idle_readers_.empty()) {
      std::unique_ptr<Connection> reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader,
                   Connection::Open(path_, SQLITE_OPEN_READONLY, kReaderTimeoutMs));
  RETURN_IF_ERROR(reader->Execute(kMapFile));
  RETURN_IF_ERROR(reader->Prepare(kSelect));
  return reader;
}

void SqliteUserStateStore::ReturnReader(std::unique_ptr<Connection> reader) const {
  std::lock_guard lock(readers_mutex_);
  idle_readers_.push_back(std::move(reader));
}

}  // namespace shortlist
