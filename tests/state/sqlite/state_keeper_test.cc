#include "state/sqlite/state_keeper.h"

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "state/sqlite/state_file.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

class StateKeeperTest : public ::testing::Test {
 protected:
  StateKeeperTest() {
    EXPECT_TRUE(CreateStateFile(path_).ok());
    writer_ = StateWriter::Open(path_, projection_, tail_).value();
    connection_ = SqliteConnection::Open(path_, SqliteConnection::kWrite, 1'000).value();
  }

  void Start(FoldAt fold_at) {
    keeper_ =
        StateKeeper::Start(path_, projection_, tail_, *writer_, writer_mutex_, fold_at).value();
  }

  // Of a user each, as SqliteStateStore does it.
  absl::Status Append(int events) {
    std::vector<v1::LogEntry> entries;
    for (int i = 0; i < events; ++i, ++appended_)
      entries.push_back(EventEntry("e" + std::to_string(appended_), std::to_string(appended_),
                                   std::string(1'000, 'x'), 1));
    absl::Status status = keeper_->WaitForRoom();
    if (!status.ok()) return status;
    {
      std::lock_guard lock(writer_mutex_);
      absl::Status appended = writer_->InTransaction(
          [&](StateWriter& writer) { return writer.Append(entries).status(); });
      if (!appended.ok()) return appended;
    }
    keeper_->Notice();
    return absl::OkStatus();
  }

  int64_t Count(const char* sql) { return connection_->QueryInt(sql).value(); }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "state.db";
  const StateProjection projection_;
  LogTail tail_;
  std::mutex writer_mutex_;
  std::unique_ptr<StateWriter> writer_;
  std::unique_ptr<SqliteConnection> connection_;
  std::unique_ptr<StateKeeper> keeper_;
  int appended_ = 0;
};

TEST_F(StateKeeperTest, FoldsATailThatIsLongAndNoOther) {
  Start({.entries = 200});
  ASSERT_TRUE(Append(199).ok());
  EXPECT_EQ(Count("SELECT count(*) FROM recorded"), 0);
  ASSERT_TRUE(Append(1).ok());
  while (tail_.folded() < 200) std::this_thread::yield();
  EXPECT_EQ(Count("SELECT count(*) FROM recorded"), 200);
  EXPECT_EQ(Count("SELECT sum(ids) FROM id_run"), 200);
}

TEST_F(StateKeeperTest, AppendsWaitForOneThatIsFarBehindAndHearWhatKeepsItFromGoingOn) {
  Start({.entries = 10});
  ASSERT_TRUE(connection_
                  ->Execute("CREATE TRIGGER stop BEFORE INSERT ON recorded "
                            "BEGIN SELECT raise(ABORT, 'no'); END")
                  .ok());
  absl::Status status;
  for (int i = 0; i < 5 && status.ok(); ++i) status = Append(10);
  EXPECT_EQ(status.message(), path_ + ": cannot write: no");
  ASSERT_TRUE(connection_->Execute("DROP TRIGGER stop").ok());
  while (!Append(1).ok()) std::this_thread::yield();
}

TEST_F(StateKeeperTest, TheJournalIsBegunAnew) {
  Start({});
  int64_t pages = 0;
  bool is_begun_anew = false;
  for (int i = 0; i < 1'000 && !is_begun_anew; ++i) {
    ASSERT_TRUE(Append(400).ok());
    is_begun_anew = writer_->journal_pages() < pages;
    pages = writer_->journal_pages();
  }
  EXPECT_TRUE(is_begun_anew);
}

}  // namespace
}  // namespace shortlist
