// An open SQLite database and its prepared statements, with errors that name the file.
//
// A connection and its statements belong to one thread at a time; the statements must go first.
//
//   ASSIGN_OR_RETURN(auto connection, SqliteConnection::Open(path, SqliteConnection::kRead, 50));
//   ASSIGN_OR_RETURN(SqliteStatement select, connection->Prepare("SELECT b FROM t WHERE a = ?1"));
//   RETURN_IF_ERROR(select.BindText(1, "x"));
//   ASSIGN_OR_RETURN(const bool found, select.Step());
//   ... select.Bytes(0) ...
//   select.Reset();
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct sqlite3;
struct sqlite3_stmt;

namespace shortlist {

class SqliteConnection;

class SqliteStatement {
 public:
  SqliteStatement() = default;

  // Parameters count from 1. The bytes must live until the statement is reset.
  absl::Status BindText(int parameter, std::string_view text);
  absl::Status BindBlob(int parameter, std::string_view bytes);
  absl::Status BindInt(int parameter, int64_t number);
  absl::Status BindNull(int parameter);

  // Whether there is another row. Where there is none, or an error, the statement is reset.
  absl::StatusOr<bool> Step();
  // For a statement that gives no rows.
  absl::Status Run();
  // Ends the statement, and with it the transaction of a lone read.
  void Reset();

  // Columns of the row, from 0. The bytes, of a text or a blob, live until the next step.
  std::string_view Bytes(int column) const;
  int64_t Int(int column) const;

 private:
  friend class SqliteConnection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  absl::Status Bound(int result) const;

  const SqliteConnection* connection_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class SqliteConnection {
 public:
  enum Mode {
    kRead,
    kWrite,
    kCreate,     // Writes; makes the file where there is none.
    kImmutable,  // Reads a file that nobody writes, and makes none beside it.
  };
  // `timeout_ms`: how long to wait for the locks of others.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& path, Mode mode,
                                                                int timeout_ms);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  absl::StatusOr<SqliteStatement> Prepare(const char* sql);
  absl::Status Execute(const std::string& sql);
  // The first column of the first row.
  absl::StatusOr<int64_t> QueryInt(const char* sql);
  // From now on, instead of Open's.
  void SetTimeout(int timeout_ms);
  // From now on keeps there how many pages the journal has after each transaction that writes, and
  // brings them into the file no more by itself. The number must outlive the connection.
  void CountJournalPages(std::atomic<int64_t>& pages);
  // Rows that the last INSERT, UPDATE or DELETE changed.
  int64_t changes() const;

  // Runs `write` in one transaction: what it did is durable when this returns, or, on an error,
  // undone.
  absl::Status InTransaction(const std::function<absl::Status()>& write);

  const std::string& path() const { return path_; }
  // "PATH: WHAT: what SQLite says", with the code that fits: UNAVAILABLE the file is locked or
  // cannot be reached; RESOURCE_EXHAUSTED its disk is full; FAILED_PRECONDITION it is read-only or
  // no database; DATA_LOSS it is damaged.
  absl::Status Error(std::string_view what) const;

 private:
  explicit SqliteConnection(std::string path) : path_(std::move(path)) {}
  // SQLite's busy handler: whether to try again.
  static int WaitForLock(void* connection, int tries);

  std::string path_;
  std::chrono::milliseconds timeout_{0};
  std::chrono::steady_clock::time_point waiting_since_;
  sqlite3* db_ = nullptr;
};

}  // namespace shortlist
