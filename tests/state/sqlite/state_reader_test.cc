#include "state/sqlite/state_reader.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "state/sqlite/state_file.h"
#include "state/sqlite/state_writer.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

class StateReaderTest : public ::testing::Test {
 protected:
  StateReaderTest() {
    EXPECT_TRUE(CreateStateFile(path_).ok());
    writer_ = StateWriter::Open(path_, projection_, writer_tail_).value();
    reader_ = StateReader::Open(path_, SqliteConnection::kRead, projection_, tail_).value();
  }

  void Append(const std::vector<v1::LogEntry>& entries) {
    EXPECT_TRUE(
        writer_->InTransaction([&](StateWriter& w) { return w.Append(entries).status(); }).ok());
  }
  void Fold() {
    EXPECT_TRUE(writer_->InTransaction([](StateWriter& w) { return w.FoldAll(); }).ok());
  }
  size_t HistoryLength(const std::string& user) {
    UserState state;
    EXPECT_TRUE(reader_->Read(UserKey(user), state).ok());
    return state.history.size();
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "state.db";
  const StateProjection projection_;
  LogTail writer_tail_, tail_;  // Of two processes.
  std::unique_ptr<StateWriter> writer_;
  std::unique_ptr<StateReader> reader_;
};

TEST_F(StateReaderTest, SeesWhatIsFoldedAndWhatIsNot) {
  Append({EventEntry("e1", "42", "a", 1)});
  EXPECT_EQ(HistoryLength("42"), 1u);
  EXPECT_EQ(tail_.size(), 1u);
  Fold();
  EXPECT_EQ(HistoryLength("42"), 1u);
  EXPECT_EQ(tail_.size(), 0u);  // It has heard of that.
  Append({EventEntry("e2", "42", "b", 2), EventEntry("e3", "43", "b", 2)});
  EXPECT_EQ(HistoryLength("42"), 2u);
  EXPECT_EQ(HistoryLength("43"), 1u);
}

TEST_F(StateReaderTest, NeedNotReadWhatWasFoldedBeforeItHeardOfIt) {
  Append({EventEntry("e1", "42", "a", 1)});
  Fold();
  Append({EventEntry("e2", "42", "b", 2)});
  EXPECT_EQ(HistoryLength("42"), 2u);
  EXPECT_EQ(tail_.size(), 1u);
}

// As a fold that was stopped half-way leaves it: one state is ahead of the others.
TEST_F(StateReaderTest, AppliesToAStateOnlyWhatItDoesNotHave) {
  Append({EventEntry("e1", "42", "a", 5), EventEntry("e2", "43", "a", 5)});
  const auto connection = SqliteConnection::Open(path_, SqliteConnection::kWrite, 0).value();
  RecordedStates states = RecordedStates::Prepare(*connection, projection_, "recorded").value();
  const auto segment = writer_tail_.Seal().front();
  ASSERT_TRUE(states.Write(**states.Fold(UserKey("42"), *segment), *segment).ok());
  EXPECT_EQ(HistoryLength("42"), 1u);
  EXPECT_EQ(HistoryLength("43"), 1u);
  // What the row says counts, as it says that it is up to date.
  ASSERT_TRUE(connection->Execute("UPDATE recorded SET state = x''").ok());
  EXPECT_EQ(HistoryLength("42"), 0u);
}

TEST_F(StateReaderTest, ABlockThatIsDamagedIsNamed) {
  const auto connection = SqliteConnection::Open(path_, SqliteConnection::kWrite, 0).value();
  ASSERT_TRUE(connection->Execute("INSERT INTO log VALUES (1, 0, 0, x'FF')").ok());
  UserState state;
  EXPECT_EQ(reader_->Read(UserKey("42"), state).status(),
            absl::DataLossError(path_ + ": entry 1 of the event log is damaged"));
}

}  // namespace
}  // namespace shortlist
