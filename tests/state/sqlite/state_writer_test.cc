#include "state/sqlite/state_writer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "state/sqlite/state_file.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

TEST(StateWriter, NothingOfATransactionThatFailedIsInTheNext) {
  const TemporaryFolder folder;
  const std::string path = folder / "state.db";
  ASSERT_TRUE(CreateStateFile(path).ok());
  const StateProjection projection;
  const std::unique_ptr<StateWriter> writer = StateWriter::Open(path, projection).value();
  const auto append = [&](const std::string& event_id, const absl::Status& result) {
    const std::vector<v1::LogEntry> entries = {EventEntry(event_id, "42", event_id, 1)};
    return writer->InTransaction([&](StateWriter& w) {
      EXPECT_EQ(w.Append(entries)->recorded, 1u);
      return result;
    });
  };
  EXPECT_EQ(append("a", absl::CancelledError("no")), absl::CancelledError("no"));
  EXPECT_TRUE(append("b", absl::OkStatus()).ok());
  const std::unique_ptr<SqliteConnection> reader =
      SqliteConnection::Open(path, SqliteConnection::kRead, 0).value();
  EXPECT_EQ(reader->QueryInt("SELECT count(*) FROM log").value(), 1);
  // 'b' alone is in the state.
  EXPECT_EQ(reader->QueryInt("SELECT count(*) FROM recorded WHERE instr(state, x'0A0161')").value(),
            0);
  EXPECT_EQ(reader->QueryInt("SELECT count(*) FROM recorded WHERE instr(state, x'0A0162')").value(),
            1);
}

}  // namespace
}  // namespace shortlist
