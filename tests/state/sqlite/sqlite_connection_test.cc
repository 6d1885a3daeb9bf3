#include "state/sqlite/sqlite_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class SqliteConnectionTest : public ::testing::Test {
 protected:
  SqliteConnectionTest() : connection_(Open(SqliteConnection::kCreate).value()) {
    EXPECT_TRUE(connection_->Execute("PRAGMA journal_mode = WAL").ok());
    EXPECT_TRUE(connection_->Execute("CREATE TABLE t (a TEXT UNIQUE, b BLOB, c INTEGER)").ok());
  }

  absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(SqliteConnection::Mode mode) {
    return SqliteConnection::Open(folder_ / "a?b%#.db", mode, /*timeout_ms=*/0);
  }
  int64_t Rows() { return connection_->QueryInt("SELECT count(*) FROM t").value(); }

  const TemporaryFolder folder_;
  std::unique_ptr<SqliteConnection> connection_;
};

TEST_F(SqliteConnectionTest, StatementsTakeAndGiveEveryKindOfValue) {
  const std::string bytes("\0x\xFF", 3);
  SqliteStatement insert = connection_->Prepare("INSERT INTO t VALUES (?1, ?2, ?3)").value();
  for (const std::string_view blob : {std::string_view(bytes), std::string_view()}) {
    ASSERT_TRUE(blob.empty() ? insert.BindNull(1).ok() : insert.BindText(1, "k\xC3\xA9").ok());
    ASSERT_TRUE(insert.BindBlob(2, blob).ok());
    ASSERT_TRUE(insert.BindInt(3, -5'000'000'000).ok());
    ASSERT_TRUE(insert.Run().ok());
    EXPECT_EQ(connection_->changes(), 1);
  }
  SqliteStatement select =
      connection_->Prepare("SELECT a, b, c, b IS NULL FROM t ORDER BY rowid").value();
  ASSERT_TRUE(select.Step().value());
  EXPECT_EQ(select.Bytes(0), "k\xC3\xA9");
  EXPECT_EQ(select.Bytes(1), bytes);
  EXPECT_EQ(select.Int(2), -5'000'000'000);
  ASSERT_TRUE(select.Step().value());
  EXPECT_EQ(select.Bytes(0), "");
  EXPECT_EQ(select.Int(3), 0);  // Empty is not NULL.
  EXPECT_FALSE(select.Step().value());
}

TEST_F(SqliteConnectionTest, ATransactionThatFailsIsUndoneAndSaysWhyFirst) {
  const absl::Status status = connection_->InTransaction([&]() -> absl::Status {
    EXPECT_TRUE(connection_->Execute("INSERT INTO t VALUES ('x', x'', 1)").ok());
    return absl::CancelledError("enough");
  });
  EXPECT_EQ(status, absl::CancelledError("enough"));
  EXPECT_EQ(Rows(), 0);
  ASSERT_TRUE(connection_
                  ->InTransaction(
                      [&] { return connection_->Execute("INSERT INTO t VALUES ('x', x'', 1)"); })
                  .ok());
  EXPECT_EQ(Rows(), 1);
}

TEST_F(SqliteConnectionTest, ErrorsNameTheFileAndSayWhatKindTheyAre) {
  const std::unique_ptr<SqliteConnection> other = Open(SqliteConnection::kWrite).value();
  const absl::Status locked = connection_->InTransaction(
      [&] { return other->InTransaction([] { return absl::OkStatus(); }); });
  EXPECT_EQ(locked.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(locked.message()), HasSubstr("a?b%#.db: cannot BEGIN IMMEDIATE"));
  EXPECT_EQ(Open(SqliteConnection::kRead).value()->Execute("DELETE FROM t").code(),
            absl::StatusCode::kFailedPrecondition);
  // Of the database's own limit, as of the disk's.
  ASSERT_TRUE(connection_->Execute("PRAGMA max_page_count = 3").ok());
  EXPECT_EQ(connection_->Execute("INSERT INTO t VALUES ('y', zeroblob(100000), 1)").code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(connection_->Prepare("SELECT x FROM nothing").status().code(),
            absl::StatusCode::kInternal);
}

TEST_F(SqliteConnectionTest, AnImmutableFileIsReadWithoutAnyFileBesideIt) {
  connection_.reset();
  const std::unique_ptr<SqliteConnection> reader = Open(SqliteConnection::kImmutable).value();
  EXPECT_EQ(reader->QueryInt("SELECT count(*) FROM t").value(), 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a?b%#.db-wal"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a?b%#.db-shm"));
}

}  // namespace
}  // namespace shortlist
