#include "state/sqlite/sqlite_state_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "state/sqlite/state_file.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class SqlitePlace : public StatePlace {
 public:
  explicit SqlitePlace(FoldAt fold_at) : fold_at_(fold_at) {}

  std::unique_ptr<StateStore> Open(const StateProjection& projection) override {
    return SqliteStateStore::OpenOrCreate(folder_ / "state.db", projection, fold_at_).value();
  }

 private:
  const TemporaryFolder folder_;
  const FoldAt fold_at_;
};

std::unique_ptr<StatePlace> MakeSqlitePlace() { return std::make_unique<SqlitePlace>(FoldAt()); }
// Folds all the time, while others append and read.
std::unique_ptr<StatePlace> MakeFoldingPlace() {
  return std::make_unique<SqlitePlace>(FoldAt{.entries = 3});
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StateStoreContract, testing::Values(&MakeSqlitePlace));
INSTANTIATE_TEST_SUITE_P(SqliteThatFolds, StateStoreContract, testing::Values(&MakeFoldingPlace));

// Runs SQL on a file behind the store's back.
void Tamper(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  sqlite3_close(db);
}

std::string ContentOf(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

absl::StatusOr<std::unique_ptr<SqliteStateStore>> OpenFile(const std::filesystem::path& path) {
  return SqliteStateStore::Open(path, StateProjection());
}
absl::StatusOr<std::unique_ptr<SqliteStateStore>> OpenOrCreateFile(
    const std::filesystem::path& path) {
  return SqliteStateStore::OpenOrCreate(path, StateProjection());
}

class SqliteStateStoreTest : public ::testing::Test {
 protected:
  SqliteStateStoreTest() : path_(folder_ / "state.db"), store_(OpenOrCreateFile(path_).value()) {}

  absl::Status Append(const std::vector<v1::LogEntry>& entries) {
    return store_->Append(entries).status();
  }
  size_t HistoryLength(const std::string& user_id) {
    return ReadState(*store_, UserKey(user_id)).history.size();
  }

  const TemporaryFolder folder_;
  const std::filesystem::path path_;
  std::unique_ptr<SqliteStateStore> store_;
};

TEST_F(SqliteStateStoreTest, ABatchIsAppendedWhollyOrNotAtAll) {
  Tamper(path_,
         "CREATE TRIGGER stop BEFORE INSERT ON log WHEN instr(new.entries, x'626164') "  // "bad"
         "BEGIN SELECT raise(ABORT, 'no'); END");
  const absl::Status status =
      Append({EventEntry("e1", "42", "a", 1), EventEntry("bad", "42", "b", 2)});
  EXPECT_THAT(std::string(status.message()), HasSubstr("state.db: cannot write: no"));
  EXPECT_EQ(HistoryLength("42"), 0u);
  EXPECT_TRUE(ReadLog(*store_).empty());
  ASSERT_TRUE(Append({EventEntry("e1", "42", "a", 1)}).ok());
  EXPECT_EQ(HistoryLength("42"), 1u);
}

TEST_F(SqliteStateStoreTest, VisitsTheLogBehindAPosition) {
  const auto store = OpenOrCreateFile(path_).value();
  const auto other = OpenOrCreateFile(path_).value();  // As another process has it.
  ASSERT_TRUE(store
                  ->Append(std::vector<v1::LogEntry>{EventEntry("e1", "u", "a", 1),
                                                     EventEntry("e2", "u", "b", 2)})
                  .ok());
  int64_t last = 0;
  const auto after = [&](int64_t position) {
    std::vector<std::string> ids;
    EXPECT_TRUE(other
                    ->VisitLog(position,
                               [&](int64_t at, const v1::LogEntry& entry) {
                                 EXPECT_GT(at, position);
                                 last = at;
                                 ids.push_back(entry.event().event_id());
                                 return absl::OkStatus();
                               })
                    .ok());
    return ids;
  };
  EXPECT_THAT(after(0), ElementsAre("e1", "e2"));
  EXPECT_THAT(after(last), ElementsAre());
  const int64_t behind_two = last;
  ASSERT_TRUE(store->Append(std::vector<v1::LogEntry>{EventEntry("e3", "v", "a", 1)}).ok());
  EXPECT_THAT(after(behind_two), ElementsAre("e3"));
}

TEST_F(SqliteStateStoreTest, ADamagedStateIsDataLossThatNamesFileAndUserAndARebuildMendsIt) {
  ASSERT_TRUE(Append({EventEntry("e1", "42", "a", 1)}).ok());
  ASSERT_TRUE(store_->Rebuild().ok());
  Tamper(path_, "UPDATE recorded SET state = x'FFFF'");
  UserState state;
  const absl::Status status = store_->Read(UserKey("42"), state).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("state.db: the state of user 42"));
  // Recording goes on.
  ASSERT_TRUE(Append({EventEntry("e2", "42", "b", 2), EventEntry("e3", "43", "b", 2)}).ok());
  EXPECT_EQ(HistoryLength("43"), 1u);
  ASSERT_TRUE(store_->Rebuild().ok());
  EXPECT_EQ(HistoryLength("42"), 2u);
}

TEST_F(SqliteStateStoreTest, ADamagedEntryOfTheLogIsDataLossAndARebuildThatMeetsItChangesNothing) {
  ASSERT_TRUE(Append({EventEntry("e1", "42", "a", 1), EventEntry("e2", "42", "b", 2)}).ok());
  Tamper(path_, "UPDATE log SET entries = x'0002FFFF'");
  const absl::Status status = store_->Rebuild();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("state.db: entry 2 of the event log"));
  EXPECT_EQ(HistoryLength("42"), 2u);
}

// Waits until the background has done what it was told.
template <class Done>
void WaitUntil(const Done& done) {
  while (!done()) std::this_thread::yield();
}

TEST_F(SqliteStateStoreTest, WhatLeavesTheLogStaysInTheStates) {
  ASSERT_TRUE(Append({EventEntry("e1", "42", "a", 1), EventEntry("e2", "42", "b", 2),
                      EventEntry("e3", "43", "a", 3, v1::EVENT_TYPE_DISLIKE), ItemEntry("i", "I")})
                  .ok());
  const auto other = OpenOrCreateFile(path_).value();
  ASSERT_TRUE(store_->SetRetention({.max_bytes = 0}).ok());
  WaitUntil([&] { return ReadLog(*store_).empty(); });
  ASSERT_TRUE(Append({EventEntry("e4", "42", "c", 4)}).ok());
  const UserState state = ReadState(*store_, UserKey("42"));
  EXPECT_EQ(state.history.size(), 3u);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(ReadState(*store_, UserKey("42")), state);
    EXPECT_EQ(ReadState(*other, UserKey("42")), state);
    EXPECT_EQ(ReadState(*other, UserKey("43")).refused.size(), 1u);
    int64_t position = 0;
    EXPECT_THAT(ChangesAfter(*other, position), ElementsAre("i I"));
    ASSERT_TRUE(store_->Rebuild().ok());
  }
  // Nothing of it outlives its user.
  ASSERT_TRUE(store_->Forget("42").ok());
  ASSERT_TRUE(store_->Rebuild().ok());
  EXPECT_EQ(ReadState(*store_, UserKey("42")), (UserState{.is_forgotten = true}));
}

TEST_F(SqliteStateStoreTest, HoldsTheLogToItsAge) {
  ASSERT_TRUE(Append({EventEntry("old", "42", "a", 1)}).ok());
  Tamper(path_, "UPDATE log SET time_ms = time_ms - 86400000");
  ASSERT_TRUE(Append({EventEntry("new", "42", "b", 2)}).ok());
  ASSERT_TRUE(store_->SetRetention({.max_age = absl::Hours(23)}).ok());
  WaitUntil([&] { return ReadLog(*store_).size() == 1; });
  EXPECT_EQ(ReadLog(*store_)[0].event().event_id(), "new");
  EXPECT_EQ(HistoryLength("42"), 2u);
}

TEST_F(SqliteStateStoreTest, NoFileHoldsWhatWasForgotten) {
  std::vector<UserState> seeds;
  for (int user = 0; user < 200; ++user)
    seeds.push_back({.user_id = "person-" + std::to_string(user) + "-of-the-test",
                     .history = {{"seed-item-" + std::to_string(user) + "-x", 1, 0}}});
  ASSERT_TRUE(store_
                  ->ReplaceSeeds([&, next = size_t{0}](UserState& state) mutable {
                    if (next == seeds.size()) return false;
                    state = seeds[next++];
                    return true;
                  })
                  .ok());
  for (int batch = 0; batch < 100; ++batch) {
    std::vector<v1::LogEntry> entries;
    for (int i = batch * 30; i < (batch + 1) * 30; ++i) {
      const std::string user = std::to_string(i % 200);
      const std::string name = std::to_string(i) + "-of-" + user + "-x";
      entries.push_back(
          EventEntry("event-" + name, "person-" + user + "-of-the-test", "item-" + name, i));
    }
    ASSERT_TRUE(Append(entries).ok());
  }
  UserState state;
  ASSERT_TRUE(store_->Read(UserKey(seeds[7].user_id), state).value());
  ASSERT_THAT(ContentOf(path_) + ContentOf(path_.string() + "-wal"),
              HasSubstr("person-7-of-the-test"));
  ASSERT_TRUE(store_->Rebuild().ok());  // So that the tables have it, too.
  // Pages may hold on to what was deleted from them, or moved out of them, at any time before.
  Tamper(path_,
         "PRAGMA secure_delete = OFF; DELETE FROM log WHERE position = 1;"
         "DELETE FROM seed WHERE key = 'u:person-9-of-the-test';"
         "DELETE FROM recorded WHERE key = 'u:person-9-of-the-test'");
  ASSERT_THAT(ContentOf(path_) + ContentOf(path_.string() + "-wal"), HasSubstr("item-9-of-9-x"));
  ASSERT_TRUE(store_->Forget(seeds[7].user_id).ok());
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    const std::string content = ContentOf(file.path());
    EXPECT_THAT(content, Not(HasSubstr("person-7-of"))) << file.path();
    EXPECT_THAT(content, Not(HasSubstr("-of-7-x"))) << file.path();
    EXPECT_THAT(content, Not(HasSubstr("seed-item-7-x"))) << file.path();
    EXPECT_THAT(content, Not(HasSubstr("item-9-of-9-x"))) << file.path();
  }
  EXPECT_THAT(ContentOf(path_), HasSubstr("person-8-of-the-test"));
  EXPECT_THAT(ContentOf(path_), HasSubstr("-of-8-x"));
}

TEST_F(SqliteStateStoreTest, ForgetSaysWhenAReaderKeepsWhatWasDeletedInTheFile) {
  ASSERT_TRUE(Append({EventEntry("e1", "42", "a", 1), EventEntry("e2", "43", "a", 1)}).ok());
  sqlite3* reader = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &reader), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(reader, "BEGIN; SELECT * FROM log", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(store_->Forget("42").code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(ReadState(*store_, UserKey("42")).is_forgotten);
  sqlite3_close(reader);
  EXPECT_TRUE(store_->Forget("42").ok());
}

// A limit on the size of files is met like the end of a disk.
TEST_F(SqliteStateStoreTest, AFullDiskRefusesWritesAndNothingElse) {
  ASSERT_TRUE(Append({EventEntry("e0", "42", "a", 1)}).ok());
  rlimit unlimited{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  rlimit limited = unlimited;
  limited.rlim_cur = 400'000;
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
  size_t acknowledged = 1;
  absl::Status status;
  const std::string filler(20'000, 'x');
  for (; acknowledged < 1'000 && status.ok(); ++acknowledged) {
    v1::LogEntry entry =
        EventEntry("e" + std::to_string(acknowledged), "42", "i" + std::to_string(acknowledged), 1);
    entry.mutable_event()->set_request_id(filler);
    status = Append({entry});
  }
  --acknowledged;  // The last one was refused.
  UserState while_full;
  const absl::StatusOr<bool> read = store_->Read(UserKey("42"), while_full);
  const absl::Status again = Append({EventEntry("again", "42", "b", 1)});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  ::signal(SIGXFSZ, handler);

  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("state.db"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("disk is full"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(while_full.history.size(), acknowledged);
  const size_t more = again.ok() ? 1 : 0;  // It may have fitted in.
  ASSERT_TRUE(Append({EventEntry("later", "42", "c", 1)}).ok());
  EXPECT_EQ(HistoryLength("42"), acknowledged + more + 1);
  EXPECT_EQ(ReadLog(*store_).size(), acknowledged + more + 1);
  store_.reset();
  store_ = OpenFile(path_).value();
  EXPECT_EQ(HistoryLength("42"), acknowledged + more + 1);
  ASSERT_TRUE(store_->Rebuild().ok());
  EXPECT_EQ(HistoryLength("42"), acknowledged + more + 1);
}

// As on a read-only mount. The superuser may write anything, and steps down.
class ReadOnlyFolder {
 public:
  explicit ReadOnlyFolder(const std::filesystem::path& path) : path_(path) {
    EXPECT_EQ(::chmod(path_.c_str(), 0555), 0);
    if (::geteuid() == 0) {
      EXPECT_EQ(::seteuid(kNobody), 0);
    }
  }
  ~ReadOnlyFolder() {
    if (::getuid() == 0) {
      EXPECT_EQ(::seteuid(0), 0);
    }
    EXPECT_EQ(::chmod(path_.c_str(), 0755), 0);
  }

 private:
  static constexpr uid_t kNobody = 65534;
  const std::filesystem::path path_;
};

TEST_F(SqliteStateStoreTest, ServesFromAFolderThatCannotBeWritten) {
  ASSERT_TRUE(Append({EventEntry("e1", "42", "a", 1)}).ok());
  store_.reset();
  const ReadOnlyFolder read_only(folder_.path());
  store_ = OpenFile(path_).value();
  EXPECT_EQ(HistoryLength("42"), 1u);
  EXPECT_THAT(store_->UserIds().value(), ElementsAre("42"));
  EXPECT_EQ(ReadLog(*store_).size(), 1u);
  const absl::Status refused = absl::FailedPreconditionError(path_.string() + ": is read-only");
  EXPECT_EQ(Append({EventEntry("e2", "42", "b", 1)}), refused);
  EXPECT_EQ(store_->Rebuild(), refused);
  EXPECT_EQ(store_->SetRetention({}), refused);
  EXPECT_EQ(store_->Forget("42"), refused);
  EXPECT_EQ(OpenOrCreateFile(path_).status(), refused);
}

TEST_F(SqliteStateStoreTest, AReadOnlyFolderWithChangesThatAreNotInTheFileYetIsRefused) {
  ASSERT_TRUE(Append({EventEntry("e1", "42", "a", 1)}).ok());
  const TemporaryFolder copy;
  for (const char* name : {"state.db", "state.db-wal"})
    std::filesystem::copy_file(folder_ / name, copy / name);
  const ReadOnlyFolder read_only(copy.path());
  const absl::Status status = OpenFile(copy / "state.db").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("state.db-wal has changes"));
}

TEST_F(SqliteStateStoreTest, OpenRefusesAMissingFileAndMakesNone) {
  const std::filesystem::path missing = folder_ / "missing.db";
  const absl::Status status = OpenFile(missing).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("missing.db: no such user state file"));
  EXPECT_FALSE(std::filesystem::exists(missing));
}

TEST_F(SqliteStateStoreTest, RefusesWhatIsNoStateFile) {
  const std::filesystem::path notes = folder_.Write("notes.db", std::string(5000, 'n'));
  const std::filesystem::path other = folder_ / "other.db";
  Tamper(other, "CREATE TABLE other (x)");
  for (auto open : {OpenFile, OpenOrCreateFile}) {
    absl::Status status = open(notes).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("notes.db"));
    status = open(other).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("other.db: not a user state file"));
  }
}

TEST_F(SqliteStateStoreTest, RefusesAnotherVersionAndSaysWhatToDo) {
  Tamper(path_, "PRAGMA user_version = 2");
  const absl::Status status = OpenFile(path_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("state.db: has version 2, this program uses version 4; delete it and run "
                        "`shortlist train` again"));
}

TEST_F(SqliteStateStoreTest, OpenOrCreateNamesAFolderThatIsMissing) {
  const absl::Status status = OpenOrCreateFile(folder_ / "no/state.db").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("no/state.db: cannot open"));
}

}  // namespace
}  // namespace shortlist
