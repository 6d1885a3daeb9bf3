#include "state/sqlite/recorded_states.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "state/sqlite/state_file.h"
#include "state/user_state_codec.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

class RecordedStatesTest : public ::testing::Test {
 protected:
  RecordedStatesTest() {
    const std::string path = folder_ / "state.db";
    EXPECT_TRUE(CreateStateFile(path).ok());
    connection_ = SqliteConnection::Open(path, SqliteConnection::kWrite, 0).value();
    states_ = std::make_unique<RecordedStates>(
        RecordedStates::Prepare(*connection_, projection_, "recorded").value());
  }

  // Of events one after the other, from a position on.
  TailSegment Segment(int64_t first, const std::vector<v1::LogEntry>& entries) const {
    TailSegment segment;
    for (const v1::LogEntry& entry : entries) {
      const std::string bytes = entry.SerializeAsString();
      segment.Add(first++, {MakeFoldable(entry, /*id=*/0, bytes, projection_)});
    }
    return segment;
  }

  // What the table holds of a user.
  UserState Stored(const std::string& user) {
    UserState state;
    SqliteStatement select =
        connection_->Prepare("SELECT state FROM recorded WHERE key = ?1").value();
    const std::string key = UserKey(user);
    EXPECT_TRUE(select.BindText(1, key).ok());
    if (select.Step().value()) {
      EXPECT_TRUE(DecodeUserState(select.Bytes(0), state));
    }
    return state;
  }

  const TemporaryFolder folder_;
  const StateProjection projection_;
  std::unique_ptr<SqliteConnection> connection_;
  std::unique_ptr<RecordedStates> states_;
};

TEST_F(RecordedStatesTest, AreWhatTheyWereWithWhatTheSegmentSays) {
  const TailSegment first =
      Segment(1, {EventEntry("e1", "42", "a", 1), EventEntry("e2", "42", "b", 2),
                  EventEntry("e3", "43", "c", 3)});
  ASSERT_TRUE(states_->FoldAndWriteAll(first).ok());
  EXPECT_EQ(Stored("42").history.size(), 2u);
  EXPECT_EQ(Stored("43").history.size(), 1u);
  const TailSegment second = Segment(4, {EventEntry("e4", "42", "d", 4)});
  ASSERT_TRUE(states_->FoldAndWriteAll(second).ok());
  EXPECT_EQ(Stored("42").history.size(), 3u);
}

TEST_F(RecordedStatesTest, AnEntryIsFoldedOnceHoweverOften) {
  // Time goes by what came first: were one applied twice, the dislike would be undone.
  const TailSegment both = Segment(
      1, {EventEntry("e1", "42", "a", 5), EventEntry("e2", "42", "a", 5, v1::EVENT_TYPE_DISLIKE)});
  ASSERT_TRUE(states_->FoldAndWriteAll(both).ok());
  const UserState once = Stored("42");
  EXPECT_EQ(once.refused.size(), 1u);
  ASSERT_TRUE(states_->FoldAndWriteAll(both).ok());
  EXPECT_EQ(Stored("42"), once);
  EXPECT_FALSE(states_->Fold(UserKey("42"), both)->has_value());
}

TEST_F(RecordedStatesTest, ARowThatAnotherChangedIsFoldedAgain) {
  const TailSegment shorter = Segment(1, {EventEntry("e1", "42", "a", 1)});
  const TailSegment longer =
      Segment(1, {EventEntry("e1", "42", "a", 1), EventEntry("e2", "42", "b", 2)});
  const auto stale = states_->Fold(UserKey("42"), longer).value();
  ASSERT_TRUE(stale.has_value());
  EXPECT_FALSE(stale->before.has_value());
  ASSERT_TRUE(states_->FoldAndWriteAll(shorter).ok());  // Another process's.
  ASSERT_TRUE(states_->Write(*stale, longer).ok());
  EXPECT_EQ(Stored("42").history.size(), 2u);
  const TailSegment next = Segment(3, {EventEntry("e3", "42", "c", 3)});
  const TailSegment last = Segment(4, {EventEntry("e4", "42", "d", 4)});
  const auto overtaken = states_->Fold(UserKey("42"), next).value();
  ASSERT_TRUE(states_->FoldAndWriteAll(last).ok());
  ASSERT_TRUE(states_->Write(*overtaken, next).ok());  // The row is beyond it.
  EXPECT_EQ(Stored("42").history.size(), 3u);
}

TEST_F(RecordedStatesTest, ADamagedRowIsLeftAsItIs) {
  ASSERT_TRUE(states_->FoldAndWriteAll(Segment(1, {EventEntry("e1", "42", "a", 1)})).ok());
  ASSERT_TRUE(connection_->Execute("UPDATE recorded SET state = x'FFFF'").ok());
  const TailSegment more =
      Segment(2, {EventEntry("e2", "42", "b", 2), EventEntry("e3", "43", "c", 3)});
  ASSERT_TRUE(states_->FoldAndWriteAll(more).ok());
  EXPECT_EQ(connection_->QueryInt("SELECT count(*) FROM recorded WHERE state = x'FFFF'").value(),
            1);
  EXPECT_EQ(Stored("43").history.size(), 1u);
}

}  // namespace
}  // namespace shortlist
