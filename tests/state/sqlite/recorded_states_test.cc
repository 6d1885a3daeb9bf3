#include "state/sqlite/recorded_states.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

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
        RecordedStates::Prepare(*connection_, projection_).value());
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

TEST_F(RecordedStatesTest, AreWrittenWhenFlushedAndReadAgainAfterThat) {
  ASSERT_TRUE(states_->Apply(EventEntry("e1", "42", "a", 1)).ok());
  ASSERT_TRUE(states_->Apply(EventEntry("e2", "42", "b", 2)).ok());
  ASSERT_TRUE(states_->Apply(EventEntry("e3", "43", "c", 3)).ok());
  EXPECT_EQ(states_->size(), 2u);
  EXPECT_EQ(Stored("42"), UserState());
  ASSERT_TRUE(states_->Flush().ok());
  EXPECT_EQ(states_->size(), 0u);
  EXPECT_EQ(Stored("42").history.size(), 2u);
  ASSERT_TRUE(states_->Apply(EventEntry("e4", "42", "d", 4)).ok());
  ASSERT_TRUE(states_->Flush().ok());
  EXPECT_EQ(Stored("42").history.size(), 3u);
  EXPECT_EQ(Stored("43").history.size(), 1u);
}

TEST_F(RecordedStatesTest, WhatIsDiscardedIsNotWritten) {
  ASSERT_TRUE(states_->Apply(EventEntry("e1", "42", "a", 1)).ok());
  states_->Discard();
  ASSERT_TRUE(states_->Flush().ok());
  EXPECT_EQ(Stored("42"), UserState());
}

TEST_F(RecordedStatesTest, HoldsNothingOfEntriesThatChangeNothing) {
  ASSERT_TRUE(states_->Apply(EventEntry("e1", "42", "a", 1, v1::EVENT_TYPE_IMPRESSION)).ok());
  EXPECT_EQ(states_->size(), 0u);
}

}  // namespace
}  // namespace shortlist
