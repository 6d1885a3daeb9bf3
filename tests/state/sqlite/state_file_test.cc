#include "state/sqlite/state_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

class StateFileTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteConnection> Open() {
    return SqliteConnection::Open(path_, SqliteConnection::kWrite, 0).value();
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "state.db";
};

TEST_F(StateFileTest, IsMadeOnceAndThenLeftAsItIs) {
  EXPECT_EQ(ReadingModeOf(path_).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(CreateStateFile(path_).ok());
  EXPECT_EQ(ReadingModeOf(path_).value(), SqliteConnection::kRead);
  EXPECT_TRUE(CheckStateFile(*Open()).ok());
  ASSERT_TRUE(Open()->Execute("INSERT INTO seed VALUES ('u:1', x'')").ok());
  ASSERT_TRUE(CreateStateFile(path_).ok());
  EXPECT_EQ(Open()->QueryInt("SELECT count(*) FROM seed").value(), 1);
}

TEST_F(StateFileTest, IsMadeOfAFileThatAProcessLeftEmpty) {
  folder_.Write("state.db", "");
  ASSERT_TRUE(CreateStateFile(path_).ok());
  EXPECT_TRUE(CheckStateFile(*Open()).ok());
}

TEST_F(StateFileTest, IsToldFromOthersAndFromOtherVersions) {
  ASSERT_TRUE(CreateStateFile(path_).ok());
  ASSERT_TRUE(Open()->Execute("PRAGMA user_version = 5").ok());
  EXPECT_EQ(CheckStateFile(*Open()),
            absl::FailedPreconditionError(path_ +
                                          ": has version 5, this program uses version 4; delete it "
                                          "and run `shortlist train` again"));
  ASSERT_TRUE(Open()->Execute("PRAGMA application_id = 1").ok());
  EXPECT_EQ(CheckStateFile(*Open()),
            absl::FailedPreconditionError(path_ + ": not a user state file"));
}

TEST_F(StateFileTest, HasAKeyOfItsOwnForIds) {
  ASSERT_TRUE(CreateStateFile(path_).ok());
  const absl::uint128 hash = ReadEventHash(*Open())->Of("e1");
  EXPECT_EQ(ReadEventHash(*Open())->Of("e1"), hash);
  const std::string other = folder_ / "other.db";
  ASSERT_TRUE(CreateStateFile(other).ok());
  const auto connection = SqliteConnection::Open(other, SqliteConnection::kWrite, 0).value();
  EXPECT_NE(ReadEventHash(*connection)->Of("e1"), hash);
  ASSERT_TRUE(connection->Execute("UPDATE progress SET hash_key = x'00'").ok());
  EXPECT_EQ(ReadEventHash(*connection).status(),
            absl::DataLossError(other + ": the key of its ids is damaged"));
}

}  // namespace
}  // namespace shortlist
