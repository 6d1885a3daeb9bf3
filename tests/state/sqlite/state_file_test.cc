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
  ASSERT_TRUE(Open()->Execute("PRAGMA user_version = 4").ok());
  EXPECT_EQ(CheckStateFile(*Open()),
            absl::FailedPreconditionError(path_ +
                                          ": has version 4, this program uses version 3; delete it "
                                          "and run `shortlist train` again"));
  ASSERT_TRUE(Open()->Execute("PRAGMA application_id = 1").ok());
  EXPECT_EQ(CheckStateFile(*Open()),
            absl::FailedPreconditionError(path_ + ": not a user state file"));
}

}  // namespace
}  // namespace shortlist
