#include "state/sqlite/sqlite_user_state_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

UserState MakeState(const std::string& user_id, int interactions) {
  UserState state{.user_id = user_id, .attributes = {{"occupation", {"librarian"}}}, .history = {}};
  for (int i = 0; i < interactions; ++i)
    state.history.push_back({.item_id = "item " + std::to_string(i),
                             .time_ms = 1'000'000'000'000 + i,
                             .value = static_cast<float>(i % 5)});
  return state;
}

// Runs SQL on a file behind the store's back.
void Tamper(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  sqlite3_close(db);
}

class SqliteUserStateStoreTest : public ::testing::Test {
 protected:
  SqliteUserStateStoreTest() : path_(folder_ / "state.db") {
    auto store = SqliteUserStateStore::OpenOrCreate(path_);
    EXPECT_TRUE(store.ok()) << store.status();
    if (store.ok()) store_ = std::move(*store);
  }

  void Write(const std::vector<UserState>& states) {
    absl::Status status = store_->WriteBatch(states);
    ASSERT_TRUE(status.ok()) << status;
  }

  // The number of interactions of a user; -1 for one that is not known.
  int HistoryLength(const std::string& user_id) {
    UserState state;
    const absl::StatusOr<bool> known = store_->Read(user_id, state);
    EXPECT_TRUE(known.ok()) << known.status();
    return known.ok() && *known ? static_cast<int>(state.history.size()) : -1;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_;
  std::unique_ptr<SqliteUserStateStore> store_;
};

TEST_F(SqliteUserStateStoreTest, ReadsBackWhatWasWritten) {
  UserState written = MakeState("42", 300);
  Write({written, MakeState("43", 1)});
  UserState read;
  ASSERT_THAT(store_->Read("42", read).value(), true);
  EXPECT_EQ(read, written);
}

TEST_F(SqliteUserStateStoreTest, HasNoStateForAUserNeverWritten) {
  Write({MakeState("42", 3)});
  EXPECT_EQ(HistoryLength("4"), -1);
  EXPECT_EQ(HistoryLength("422"), -1);
  EXPECT_EQ(HistoryLength(""), -1);
}

TEST_F(SqliteUserStateStoreTest, TakesAnyBytesAsUserId) {
  std::vector<std::string> ids = {"'; DROP TABLE user_state; --", std::string("a\0b", 3), "a",
                                  "Zoë", std::string(256, 'x')};
  for (size_t i = 0; i < ids.size(); ++i) Write({MakeState(ids[i], static_cast<int>(i))});
  for (size_t i = 0; i < ids.size(); ++i)
    EXPECT_EQ(HistoryLength(ids[i]), static_cast<int>(i)) << ids[i];
}

TEST_F(SqliteUserStateStoreTest, WritingAUserAgainReplacesItsState) {
  Write({MakeState("42", 3), MakeState("43", 4)});
  Write({MakeState("42", 5)});
  EXPECT_EQ(HistoryLength("42"), 5);
  EXPECT_EQ(HistoryLength("43"), 4);
}

TEST_F(SqliteUserStateStoreTest, WritesABatchWhollyOrNotAtAll) {
  Write({MakeState("42", 3)});
  absl::Status status =
      store_->WriteBatch(std::vector{MakeState("42", 9), MakeState("", 1), MakeState("43", 1)});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(HistoryLength("42"), 3);
  EXPECT_EQ(HistoryLength("43"), -1);
  Write({MakeState("43", 2)});
  EXPECT_EQ(HistoryLength("43"), 2);
}

// The states of users FIRST ... END - 1, with so many interactions each.
absl::Status ReplaceSeeds(SqliteUserStateStore& store, int first, int end, int interactions) {
  return store.ReplaceSeeds([&, next = first](UserState& state) mutable {
    EXPECT_EQ(state, UserState());
    if (next == end) return false;
    state = MakeState(std::to_string(next++), interactions);
    return true;
  });
}

TEST_F(SqliteUserStateStoreTest, ReplaceSeedsForgetsTheSeedsBefore) {
  ASSERT_TRUE(ReplaceSeeds(*store_, 100, 103, 7).ok());
  for (const char* id : {"100", "101", "102"}) EXPECT_EQ(HistoryLength(id), 7);
  ASSERT_TRUE(ReplaceSeeds(*store_, 102, 104, 9).ok());
  EXPECT_EQ(HistoryLength("100"), -1);
  EXPECT_EQ(HistoryLength("102"), 9);
  EXPECT_EQ(HistoryLength("103"), 9);
}

// Training must not lose what a service has recorded.
TEST_F(SqliteUserStateStoreTest, ReplaceSeedsKeepsEveryRecordedState) {
  ASSERT_TRUE(ReplaceSeeds(*store_, 100, 103, 7).ok());
  Write({MakeState("42", 3), MakeState("101", 4)});  // A new user, and one who was a seed.
  ASSERT_TRUE(ReplaceSeeds(*store_, 100, 103, 9).ok());
  EXPECT_EQ(HistoryLength("42"), 3);
  EXPECT_EQ(HistoryLength("101"), 4);
  EXPECT_EQ(HistoryLength("100"), 9);
  Write({MakeState("42", 5)});  // Recording goes on.
  EXPECT_EQ(HistoryLength("42"), 5);
}

TEST_F(SqliteUserStateStoreTest, ReplaceSeedsThatFailsLeavesEverythingAsItWas) {
  ASSERT_TRUE(ReplaceSeeds(*store_, 100, 101, 7).ok());
  int calls = 0;
  absl::Status status = store_->ReplaceSeeds([&](UserState& state) {
    if (++calls == 1) state.user_id = "new";
    return true;  // The second state has no user id.
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(HistoryLength("100"), 7);
  EXPECT_EQ(HistoryLength("new"), -1);
  Write({MakeState("42", 5)});
  EXPECT_EQ(HistoryLength("42"), 5);
}

TEST_F(SqliteUserStateStoreTest, KnowsTheIdsOfAllUsers) {
  Write({MakeState("b", 1), MakeState("a", 1)});
  ASSERT_TRUE(ReplaceSeeds(*store_, 7, 8, 1).ok());
  EXPECT_THAT(store_->UserIds().value(), ::testing::ElementsAre("7", "a", "b"));
}

// Files of version 1, whose states were all seeds, are brought up to date when they are opened.
TEST_F(SqliteUserStateStoreTest, TakesTheStatesOfAFileOfVersion1ForSeeds) {
  Write({MakeState("42", 3)});
  store_.reset();
  Tamper(path_, "ALTER TABLE user_state DROP COLUMN is_seed; PRAGMA user_version = 1");
  store_ = *SqliteUserStateStore::Open(path_);
  EXPECT_EQ(HistoryLength("42"), 3);
  ASSERT_TRUE(ReplaceSeeds(*store_, 100, 101, 7).ok());
  EXPECT_EQ(HistoryLength("42"), -1);
  EXPECT_EQ(HistoryLength("100"), 7);
}

TEST_F(SqliteUserStateStoreTest, ReadersSeeTheOldStatesWhileAWriteIsUnderWay) {
  ASSERT_TRUE(ReplaceSeeds(*store_, 42, 43, 3).ok());
  bool first = true;
  absl::Status status = store_->ReplaceSeeds([&](UserState& state) {
    EXPECT_EQ(HistoryLength("42"), 3);
    if (!first) return false;
    first = false;
    state = MakeState("42", 8);
    return true;
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(HistoryLength("42"), 8);
}

TEST_F(SqliteUserStateStoreTest, AnswersManyThreadsAtOnce) {
  std::vector<UserState> states;
  for (int user = 0; user < 50; ++user) states.push_back(MakeState(std::to_string(user), user));
  Write(states);
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        int user = i % 50;
        UserState state;
        const absl::StatusOr<bool> known = store_->Read(std::to_string(user), state);
        if (!known.ok() || !*known || static_cast<int>(state.history.size()) != user) ++wrong;
      }
    });
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST_F(SqliteUserStateStoreTest, KeepsStatesWhenReopened) {
  Write({MakeState("42", 3)});
  store_.reset();
  for (auto open : {SqliteUserStateStore::Open, SqliteUserStateStore::OpenOrCreate}) {
    auto store = open(path_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = std::move(*store);
    EXPECT_EQ(HistoryLength("42"), 3);
  }
}

TEST_F(SqliteUserStateStoreTest, SeesWhatAnotherProcessWrites) {
  auto other = SqliteUserStateStore::Open(path_);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(HistoryLength("42"), -1);
  ASSERT_TRUE((*other)->WriteBatch(std::vector{MakeState("42", 3)}).ok());
  EXPECT_EQ(HistoryLength("42"), 3);
}

TEST_F(SqliteUserStateStoreTest, ADamagedRowIsDataLossThatNamesFileAndUser) {
  Write({MakeState("42", 3)});
  Tamper(path_, "UPDATE user_state SET state = x'FFFF' WHERE user_id = '42'");
  UserState state;
  absl::Status status = store_->Read("42", state).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("state.db: the state of user 42"));
  Write({MakeState("42", 2)});
  EXPECT_EQ(HistoryLength("42"), 2);
}

TEST_F(SqliteUserStateStoreTest, OpenRefusesAMissingFileAndMakesNone) {
  std::filesystem::path missing = folder_ / "missing.db";
  absl::Status status = SqliteUserStateStore::Open(missing).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("missing.db: no such user state file"));
  EXPECT_FALSE(std::filesystem::exists(missing));
}

TEST_F(SqliteUserStateStoreTest, OpenRefusesAFileThatIsNoDatabase) {
  std::filesystem::path path = folder_.Write("notes.db", std::string(5000, 'n'));
  for (auto open : {SqliteUserStateStore::Open, SqliteUserStateStore::OpenOrCreate}) {
    absl::Status status = open(path).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("notes.db"));
  }
}

TEST_F(SqliteUserStateStoreTest, OpenRefusesADatabaseOfSomethingElse) {
  std::filesystem::path path = folder_ / "other.db";
  Tamper(path, "CREATE TABLE other (x)");
  for (auto open : {SqliteUserStateStore::Open, SqliteUserStateStore::OpenOrCreate}) {
    absl::Status status = open(path).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("other.db: not a user state file"));
  }
}

TEST_F(SqliteUserStateStoreTest, OpenRefusesAnotherSchemaVersion) {
  Tamper(path_, "PRAGMA user_version = 3");
  absl::Status status = SqliteUserStateStore::Open(path_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("state.db: has schema version 3, this program reads versions 1 to 2"));
}

TEST_F(SqliteUserStateStoreTest, OpenOrCreateNamesAFolderThatIsMissing) {
  absl::Status status = SqliteUserStateStore::OpenOrCreate(folder_ / "no/state.db").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("no/state.db: cannot open"));
}

}  // namespace
}  // namespace shortlist
