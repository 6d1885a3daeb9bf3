#include "state/sqlite/sqlite_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "state/sqlite/state_file.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(VisitLog, VisitsInOrderAndLetsTheVisitorDeleteWhatItSees) {
  const TemporaryFolder folder;
  const std::string path = folder / "state.db";
  ASSERT_TRUE(CreateStateFile(path).ok());
  const std::unique_ptr<SqliteConnection> connection =
      SqliteConnection::Open(path, SqliteConnection::kWrite, 0).value();
  SqliteStatement insert = connection->Prepare("INSERT INTO log VALUES (?1, NULL, ?2)").value();
  for (int position : {3, 1, 2}) {
    const std::string bytes =
        EventEntry("e" + std::to_string(position), "42", "a", 1).SerializeAsString();
    ASSERT_TRUE(insert.BindInt(1, position).ok());
    ASSERT_TRUE(insert.BindBlob(2, bytes).ok());
    ASSERT_TRUE(insert.Run().ok());
  }
  SqliteStatement remove = connection->Prepare("DELETE FROM log WHERE position = ?1").value();
  std::vector<std::string> seen;
  const auto visit = [&](int64_t position, const v1::LogEntry& entry) -> absl::Status {
    seen.push_back(std::to_string(position) + " " + entry.event().event_id());
    if (position == 3) return absl::OkStatus();
    EXPECT_TRUE(remove.BindInt(1, position).ok());
    return remove.Run();
  };
  ASSERT_TRUE(VisitLog(*connection, visit).ok());
  EXPECT_THAT(seen, ElementsAre("1 e1", "2 e2", "3 e3"));
  seen.clear();
  ASSERT_TRUE(VisitLog(*connection, visit).ok());
  EXPECT_THAT(seen, ElementsAre("3 e3"));

  ASSERT_TRUE(connection->Execute("UPDATE log SET entry = x'FFFF'").ok());
  EXPECT_EQ(VisitLog(*connection, visit),
            absl::DataLossError(path + ": entry 3 of the event log is damaged"));
}

}  // namespace
}  // namespace shortlist
