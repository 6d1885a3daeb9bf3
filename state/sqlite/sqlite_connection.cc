#include "state/sqlite/sqlite_connection.h"

#include <sqlite3.h>

#include <cerrno>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

// A null pointer would bind NULL.
const char* DataOf(std::string_view bytes) { return bytes.data() == nullptr ? "" : bytes.data(); }

// A path as SQLite's URIs write it.
std::string ImmutableUri(std::string_view path) {
  std::string uri = "file:";
  for (const char byte : path) {
    if (byte == '?' || byte == '#' || byte == '%') {
      absl::StrAppend(&uri, "%", absl::Hex(static_cast<unsigned char>(byte), absl::kZeroPad2));
    } else {
      uri += byte;
    }
  }
  return uri + "?immutable=1";
}

// Whether the database or its journal could not grow: SQLite itself knows of ENOSPC alone.
bool IsFull(sqlite3* db) {
  sqlite3_file *database = nullptr, *journal = nullptr;
  sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &database);
  sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal);
  for (sqlite3_file* file : {database, journal}) {
    int error = 0;
    if (file == nullptr || file->pMethods == nullptr) continue;
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) return true;
  }
  return false;
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

absl::Status SqliteStatement::BindText(int parameter, std::string_view text) {
  return Bound(sqlite3_bind_text64(statement_.get(), parameter, DataOf(text), text.size(),
                                   SQLITE_STATIC, SQLITE_UTF8));
}

absl::Status SqliteStatement::BindBlob(int parameter, std::string_view bytes) {
  return Bound(
      sqlite3_bind_blob64(statement_.get(), parameter, DataOf(bytes), bytes.size(), SQLITE_STATIC));
}

absl::Status SqliteStatement::BindInt(int parameter, int64_t number) {
  return Bound(sqlite3_bind_int64(statement_.get(), parameter, number));
}

absl::Status SqliteStatement::BindNull(int parameter) {
  return Bound(sqlite3_bind_null(statement_.get(), parameter));
}

absl::Status SqliteStatement::Bound(int result) const {
  return result == SQLITE_OK ? absl::OkStatus() : connection_->Error("cannot bind");
}

absl::StatusOr<bool> SqliteStatement::Step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  absl::Status status;
  if (result != SQLITE_DONE)
    status = connection_->Error(sqlite3_stmt_readonly(statement_.get()) ? "cannot read"
                                                                        : "cannot write");
  Reset();
  if (!status.ok()) return status;
  return false;
}

absl::Status SqliteStatement::Run() { return Step().status(); }

void SqliteStatement::Reset() { sqlite3_reset(statement_.get()); }

std::string_view SqliteStatement::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  return {static_cast<const char*>(bytes),
          static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

int64_t SqliteStatement::Int(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path,
                                                                         Mode mode,
                                                                         int timeout_ms) {
  auto connection = std::unique_ptr<SqliteConnection>(new SqliteConnection(path));
  int flags = SQLITE_OPEN_NOMUTEX;
  if (mode == kRead || mode == kImmutable) flags |= SQLITE_OPEN_READONLY;
  if (mode == kWrite || mode == kCreate) flags |= SQLITE_OPEN_READWRITE;
  if (mode == kCreate) flags |= SQLITE_OPEN_CREATE;
  if (mode == kImmutable) flags |= SQLITE_OPEN_URI;
  const std::string name = mode == kImmutable ? ImmutableUri(path) : path;
  if (sqlite3_open_v2(name.c_str(), &connection->db_, flags, /*zVfs=*/nullptr) != SQLITE_OK)
    return connection->Error("cannot open");
  connection->SetTimeout(timeout_ms);
  return connection;
}

SqliteConnection::~SqliteConnection() { sqlite3_close(db_); }

absl::StatusOr<SqliteStatement> SqliteConnection::Prepare(const char* sql) {
  SqliteStatement statement;
  statement.connection_ = this;
  sqlite3_stmt* prepared = nullptr;
  const int result =
      sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  statement.statement_.reset(prepared);
  if (result != SQLITE_OK) return Error("cannot be used as a state store");
  return statement;
}

absl::Status SqliteConnection::Execute(const std::string& sql) {
  const int result = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? absl::OkStatus() : Error(absl::StrCat("cannot ", sql));
}

absl::StatusOr<int64_t> SqliteConnection::QueryInt(const char* sql) {
  ASSIGN_OR_RETURN(SqliteStatement query, Prepare(sql));
  ASSIGN_OR_RETURN(const bool found, query.Step());
  return found ? query.Int(0) : 0;
}

void SqliteConnection::SetTimeout(int timeout_ms) {
  timeout_ = std::chrono::milliseconds(timeout_ms);
  sqlite3_busy_handler(db_, timeout_ms > 0 ? WaitForLock : nullptr, this);
}

// SQLite's own handler sleeps ever longer, up to 100 ms, and hardly gets its turn beside one that
// takes the lock again and again.
int SqliteConnection::WaitForLock(void* connection, int tries) {
  constexpr std::chrono::milliseconds kPause(1);
  auto& self = *static_cast<SqliteConnection*>(connection);
  const auto now = std::chrono::steady_clock::now();
  if (tries == 0) self.waiting_since_ = now;
  if (now - self.waiting_since_ >= self.timeout_) return 0;
  std::this_thread::sleep_for(kPause);
  return 1;
}

void SqliteConnection::CountJournalPages(std::atomic<int64_t>& pages) {
  const auto count = [](void* number, sqlite3* /*db*/, const char* /*name*/, int journal_pages) {
    *static_cast<std::atomic<int64_t>*>(number) = journal_pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(db_, count, &pages);
}

int64_t SqliteConnection::changes() const { return sqlite3_changes64(db_); }

absl::Status SqliteConnection::InTransaction(const std::function<absl::Status()>& write) {
  // One that began as a reader could not write once others have.
  RETURN_IF_ERROR(Execute("BEGIN IMMEDIATE"));
  absl::Status status = write();
  if (status.ok()) status = Execute("COMMIT");
  // The first error is the one to report; after some errors SQLite has already rolled back.
  if (!status.ok()) (void)Execute("ROLLBACK");
  return status;
}

absl::Status SqliteConnection::Error(std::string_view what) const {
  const std::string message = absl::StrCat(path_, ": ", AbslView(what), ": ", sqlite3_errmsg(db_));
  switch (sqlite3_errcode(db_)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::UnavailableError(message);
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(message);
    case SQLITE_IOERR:
      if (IsFull(db_))
        return absl::ResourceExhaustedError(
            absl::StrCat(path_, ": ", AbslView(what), ": database or disk is full"));
      return absl::UnavailableError(message);
    case SQLITE_CANTOPEN:
      return absl::UnavailableError(message);
    case SQLITE_READONLY:
    case SQLITE_NOTADB:
      return absl::FailedPreconditionError(message);
    case SQLITE_CORRUPT:
      return absl::DataLossError(message);
    default:
      return absl::InternalError(message);
  }
}

}  // namespace shortlist
