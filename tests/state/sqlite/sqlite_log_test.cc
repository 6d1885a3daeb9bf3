#include "state/sqlite/sqlite_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "state/sqlite/log_block.h"
#include "state/sqlite/state_file.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

class SqliteLogTest : public ::testing::Test {
 protected:
  SqliteLogTest() {
    EXPECT_TRUE(CreateStateFile(path_).ok());
    connection_ = SqliteConnection::Open(path_, SqliteConnection::kWrite, 0).value();
  }

  // A row of the log with events of these ids.
  void Insert(int64_t position, const std::vector<std::string>& event_ids) {
    SqliteStatement insert = connection_->Prepare("INSERT INTO log VALUES (?1, 0, 0, ?2)").value();
    std::string block;
    for (const std::string& id : event_ids) AddToBlock(EventEntry(id, "42", "a", 1), block);
    ASSERT_TRUE(insert.BindInt(1, position).ok());
    ASSERT_TRUE(insert.BindBlob(2, block).ok());
    ASSERT_TRUE(insert.Run().ok());
  }

  std::vector<std::string> Visited() {
    std::vector<std::string> seen;
    EXPECT_TRUE(VisitLog(*connection_, [&](int64_t position, const v1::LogEntry& entry) {
                  seen.push_back(std::to_string(position) + " " + entry.event().event_id());
                  return absl::OkStatus();
                }).ok());
    return seen;
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "state.db";
  std::unique_ptr<SqliteConnection> connection_;
};

TEST_F(SqliteLogTest, IsVisitedInOrderWithPositions) {
  Insert(4, {"d"});
  Insert(1, {"a", "b", "c"});
  EXPECT_THAT(Visited(), ElementsAre("1 a", "2 b", "3 c", "4 d"));
  EXPECT_EQ(VisitLog(*connection_,
                     [](int64_t, const v1::LogEntry&) { return absl::CancelledError("enough"); }),
            absl::CancelledError("enough"));
}

TEST_F(SqliteLogTest, WhatIsRemovedLeavesTheOthersTheirPositions) {
  Insert(1, {"a", "b", "c"});
  Insert(4, {"b"});
  Insert(5, {"d"});
  ASSERT_TRUE(RemoveFromLog(*connection_, [](const v1::LogEntry& entry) {
                return entry.event().event_id() == "b";
              }).ok());
  EXPECT_THAT(Visited(), ElementsAre("1 a", "3 c", "5 d"));
}

TEST_F(SqliteLogTest, AnEntryThatIsDamagedIsNamed) {
  Insert(1, {"a"});
  ASSERT_TRUE(connection_->Execute("INSERT INTO log VALUES (2, 0, 0, x'0002FFFF')").ok());
  const auto damaged = absl::DataLossError(path_ + ": entry 3 of the event log is damaged");
  EXPECT_EQ(VisitLog(*connection_, [](int64_t, const v1::LogEntry&) { return absl::OkStatus(); }),
            damaged);
  EXPECT_EQ(RemoveFromLog(*connection_, [](const v1::LogEntry&) { return false; }), damaged);
}

}  // namespace
}  // namespace shortlist
