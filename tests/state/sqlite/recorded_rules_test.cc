#include "state/sqlite/recorded_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "shortlist/v1/dataset_spec.pb.h"
#include "state/sqlite/state_file.h"
#include "state/state_stores.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

// Clicks say nothing, and what is shown is remembered for an hour.
StateProjection Quiet() {
  v1::WorthRule rule;
  rule.set_column("type");
  rule.set_is("click");
  rule.set_worth(0);
  return StateProjection(EventWorth::Make(std::vector<v1::WorthRule>{rule}).value(),
                         {.time = absl::Hours(1), .of_answers = false});
}

class RecordedRulesTest : public testing::Test {
 protected:
  RecordedRulesTest() {
    EXPECT_TRUE(CreateStateFile(path_).ok());
    connection_ = SqliteConnection::Open(path_, SqliteConnection::kWrite, kWriterTimeoutMs).value();
  }
  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "state.db";
  std::unique_ptr<SqliteConnection> connection_;
};

TEST_F(RecordedRulesTest, AreThoseThatTheFileWasLastOpenedWith) {
  const std::string own = StateProjection(EventWorth()).Serialize();
  EXPECT_EQ(AgreeOnRules(*connection_, true, StateProjection())->Serialize(), own);
  const std::string quiet = Quiet().Serialize();
  EXPECT_NE(quiet, own);
  EXPECT_EQ(AgreeOnRules(*connection_, false, Quiet())->Serialize(), quiet);
  EXPECT_EQ(AgreeOnRules(*connection_, true, StateProjection())->Serialize(), own);
  EXPECT_EQ(AgreeOnRules(*connection_, true, Quiet())->Serialize(), quiet);
  EXPECT_EQ(AgreeOnRules(*connection_, true, StateProjection())->Serialize(), quiet);
  EXPECT_EQ(AgreeOnRules(*connection_, true, StateProjection(EventWorth()))->Serialize(), own);
}

TEST_F(RecordedRulesTest, AProcessWithoutRulesReadsWhatIsRecordedByThem) {
  const auto service = OpenStateStore(path_, Quiet(), IfMissing::kFail).value();
  const auto command = OpenStateStore(path_, StateProjection(), IfMissing::kFail).value();
  ASSERT_TRUE(
      service
          ->Append(std::vector<v1::LogEntry>{
              EventEntry("e1", "42", "a", 1), EventEntry("e2", "42", "b", 2, v1::EVENT_TYPE_LIKE),
              EventEntry("e3", "42", "c", 3, v1::EVENT_TYPE_IMPRESSION)})
          .ok());
  const UserState state = ReadState(*command, UserKey("42"));
  EXPECT_EQ(state.history, (std::vector<Interaction>{{"b", 2, 0}}));
  EXPECT_EQ(state.shown, (std::vector<Showings>{{"c", {3}}}));
}

TEST_F(RecordedRulesTest, DamagedOnesAreDataLossThatNamesTheFile) {
  ASSERT_TRUE(connection_->Execute("UPDATE progress SET rules = x'FFFF'").ok());
  const absl::Status status = AgreeOnRules(*connection_, true, StateProjection()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("state.db: its rules"));
}

}  // namespace
}  // namespace shortlist
