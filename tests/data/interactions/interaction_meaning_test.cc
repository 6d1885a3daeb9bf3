#include "data/interactions/interaction_meaning.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class InteractionMeaningTest : public ::testing::Test {
 protected:
  void Read(const std::string& content) {
    files_.push_back(*AtomicFile::Open(folder_.Write("toy.inter", content)));
    BadRows bad_rows(/*skip=*/false);
    ASSERT_TRUE(
        ReadInteractions(files_.back(), {}, users_, items_, bad_rows, summary_.notes, table_).ok());
  }

  TemporaryFolder folder_;
  std::vector<AtomicFile> files_;
  Interner users_, items_;
  InteractionTable table_;
  std::vector<bool> keep_;
  DatasetSummary summary_;
};

TEST_F(InteractionMeaningTest, TimesThatFitNoUnitAreAnErrorOrGo) {
  Read("user_id:token\titem_id:token\tdate:token\nu\ta\t2019-01-31\nu\tb\t7\n");
  InteractionTable table = table_;
  EXPECT_THAT(
      std::string(RecogniseTimes(files_, {}, table, keep_, summary_).message()),
      HasSubstr("toy.inter:3: date fits no unit of time, nor does it in 1 row (50.0 %) in all"));
  ASSERT_TRUE(RecogniseTimes(files_, {.skip_unfit = true}, table_, keep_, summary_).ok());
  EXPECT_THAT(keep_, ElementsAre(true, false));
  EXPECT_EQ(summary_.time, "date, dates");
  EXPECT_EQ(summary_.bad_rows, 1U);
}

TEST_F(InteractionMeaningTest, ADeclaredUnitThatTimesDoNotFitIsNamed) {
  Read("user_id:token\titem_id:token\ttimestamp:float\nu\ta\t1546300800000000000\n");
  EXPECT_THAT(
      std::string(
          RecogniseTimes(files_, {.unit = TimeUnit::kSeconds}, table_, keep_, summary_).message()),
      AllOf(HasSubstr("toy.inter:2: timestamp fits no time of the declared time_unit"),
            HasSubstr("without time_unit in the data set's spec")));
}

TEST_F(InteractionMeaningTest, SaysWhichOrderThereIsWithoutTimes) {
  Read("user_id:token\titem_id:token\nu\ta\nu\tb\n");
  InteractionTable table = table_;
  ASSERT_TRUE(RecogniseTimes(files_, {}, table, keep_, summary_).ok());
  EXPECT_EQ(summary_.time, "no column; a user's rows keep their order");
  ASSERT_TRUE(RecogniseTimes(files_, {.has_parts = true}, table_, keep_, summary_).ok());
  EXPECT_EQ(summary_.time, "no column; a user's rows in one part have no order");
}

TEST_F(InteractionMeaningTest, WhereNoTimeIsKnownThereAreNone) {
  Read("user_id:token\titem_id:token\ttimestamp:float\nu\ta\t0\nu\tb\t\n");
  ASSERT_TRUE(RecogniseTimes(files_, {}, table_, keep_, summary_).ok());
  EXPECT_FALSE(table_.has_times);
  EXPECT_THAT(keep_, IsEmpty());
}

TEST_F(InteractionMeaningTest, SaysWhatTheWorthWasTakenFrom) {
  Read("user_id:token\titem_id:token\tevent:token\nu\ta\tview\nu\tb\tview\nu\tb\tbuy\n");
  RecogniseWorth(table_, summary_);
  EXPECT_EQ(summary_.worth,
            "every interaction is worth 1 (3 rows); event: view (2 rows), buy (1 row); --positive "
            "\"event=...\" takes some alone");
}

}  // namespace
}  // namespace shortlist
