#include "data/interactions/interaction_table.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsNan;

constexpr uint32_t kNoValue = ContextColumn::kNoValue;

class InteractionTableTest : public ::testing::Test {
 protected:
  absl::Status Read(const std::string& name, const std::string& content) {
    auto file = AtomicFile::Open(folder_.Write(name, content));
    EXPECT_TRUE(file.ok()) << file.status();
    files_.push_back(*std::move(file));  // The table has views into it.
    BadRows bad_rows(/*skip=*/false);
    return ReadInteractions(files_.back(), spec_, users_, items_, bad_rows, table_);
  }
  std::string Error(const std::string& content) {
    return std::string(Read("toy.inter", content).message());
  }

  TemporaryFolder folder_;
  DatasetSpec spec_;
  std::vector<AtomicFile> files_;
  Interner users_, items_;
  InteractionTable table_;
};

TEST_F(InteractionTableTest, NumbersUsersAndItemsInTheOrderOfTheirFirstAppearance) {
  ASSERT_TRUE(Read("toy.inter",
                   "item_id:token\tuser_id:token\trating:float\ttimestamp:float\n"
                   "x\tb\t4.5\t30\ny\ta\t\t20\nx\ta\t1\t10\n")
                  .ok());
  EXPECT_THAT(users_.ToStrings(), ElementsAre("b", "a"));
  EXPECT_THAT(table_.users, ElementsAre(0, 1, 1));
  EXPECT_THAT(table_.items, ElementsAre(0, 1, 0));
  EXPECT_THAT(table_.ratings, ElementsAre(4.5F, IsNan(), 1));
  table_.times.Recognise(TimeUnit::kRecognised);
  EXPECT_EQ(table_.times[0], 30'000);
  EXPECT_EQ(table_.times[2], 10'000);
  EXPECT_TRUE(table_.has_times);
  EXPECT_THAT(table_.worths, IsEmpty());
}

TEST_F(InteractionTableTest, WithoutAColumnOfTimesNoneIsKnown) {
  ASSERT_TRUE(Read("toy.inter", "user_id:token\titem_id:token\nu\ta\nu\tb\n").ok());
  table_.times.Recognise(TimeUnit::kRecognised);
  EXPECT_EQ(table_.times.unknown(), 2U);
  EXPECT_FALSE(table_.has_times);
}

TEST_F(InteractionTableTest, FindsTheColumnsThatTheSpecNames) {
  spec_ = {.user_column = "who",
           .item_column = "what",
           .time_column = "at",
           .rating_column = "stars",
           .label_column = "taken"};
  ASSERT_TRUE(Read("toy.inter",
                   "user_id:token\twho:token\twhat:token\tat:token\tstars:token\ttaken:token\n"
                   "x\tu\ti\t2019-01-01\t3\t0\n")
                  .ok());
  EXPECT_THAT(users_.ToStrings(), ElementsAre("u"));
  EXPECT_THAT(items_.ToStrings(), ElementsAre("i"));
  EXPECT_THAT(table_.ratings, ElementsAre(3));
  EXPECT_THAT(table_.worths, ElementsAre(-1));
  EXPECT_EQ(table_.time_column, "at");
  ASSERT_EQ(table_.contexts.size(), 1U);
  EXPECT_EQ(table_.contexts[0].name, "user_id");
  EXPECT_THAT(Error("user_id:token\titem_id:token\n"),
              HasSubstr("there is no column \"who\", which the spec names"));
}

TEST_F(InteractionTableTest, TakesOutMissingCellsAndRowsOutOfRange) {
  spec_.columns = {{.name = "rating", .missing = {"-1", "none"}, .min = 2, .max = 4},
                   {.name = "place", .type = ColumnType::kIgnored},
                   {.name = "age", .type = ColumnType::kToken}};
  ASSERT_TRUE(Read("toy.inter",
                   "user_id:token\titem_id:token\trating:float\tplace:token\tage:float\n"
                   "u\ta\t-1\tx\t7\nu\tb\tnone\tx\t7\nu\tc\t\tx\t7\nu\td\t1\tx\t7\nu\te\t2\tx\t7\n"
                   "u\tf\t4.5\tx\t7\n")
                  .ok());
  EXPECT_THAT(items_.ToStrings(), ElementsAre("a", "b", "c", "e"));
  EXPECT_THAT(table_.ratings, ElementsAre(IsNan(), IsNan(), IsNan(), 2));
  EXPECT_EQ(table_.out_of_range, 2U);
  ASSERT_EQ(table_.contexts.size(), 1U);
  EXPECT_EQ(table_.contexts[0].name, "age");
  EXPECT_THAT(Error("user_id:token\titem_id:token\trating:float\nu\ta\t9\n"),
              HasSubstr("there are no interactions within the ranges"));
}

TEST_F(InteractionTableTest, WordsForNoValueAreNoRatingAndNoTime) {
  spec_.columns = {{.name = "rating", .min = 2}};
  spec_.worth = {{.column = "rating", .condition = WorthRule::Condition::kAtLeast, .bound = 4}};
  ASSERT_TRUE(Read("toy.inter",
                   "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
                   "u\ta\tNA\t1546300800\nu\tb\t—\tNULL\nu\tc\t5\tunknown\n")
                  .ok());
  table_.times.Recognise(TimeUnit::kRecognised);
  EXPECT_EQ(table_.times.unknown(), 2U);
  EXPECT_THAT(table_.ratings, ElementsAre(IsNan(), IsNan(), 5));
  EXPECT_THAT(table_.worths, ElementsAre(0, 0, 1));
}

TEST_F(InteractionTableTest, ColumnsThatSayWhatHappenedAreNoContext) {
  spec_.worth = {{.column = "event", .is = "buy"}};
  ASSERT_TRUE(Read("toy.inter",
                   "user_id:token\titem_id:token\tevent:token\tlabel:token\tdevice:token\n"
                   "u\ta\tbuy\t0\ttv\nu\tb\tview\t1\ttv\n")
                  .ok());
  EXPECT_THAT(table_.worths, ElementsAre(1, 0));  // The rules count, not the label.
  ASSERT_EQ(table_.contexts.size(), 1U);
  EXPECT_EQ(table_.contexts[0].name, "device");
}

TEST_F(InteractionTableTest, CountsTheKindsOfInteractions) {
  ASSERT_TRUE(Read("toy.inter",
                   "user_id:token\titem_id:token\tevent:token\nu\ta\tbuy\nu\tb\tview\nu\tc\tview\n")
                  .ok());
  EXPECT_EQ(table_.type_column, "event");
  EXPECT_THAT(table_.types.ToStrings(), ElementsAre("buy", "view"));
  EXPECT_THAT(table_.type_counts, ElementsAre(1, 2));
  EXPECT_THAT(table_.contexts, IsEmpty());
}

TEST_F(InteractionTableTest, FilesMayHaveOtherContextColumnsThanOneAnother) {
  ASSERT_TRUE(Read("a.inter",
                   "user_id:token\titem_id:token\ttimestamp:float\tdevice:token\n"
                   "u\ta\t1\tphone\nu\tb\t2\t\n")
                  .ok());
  ASSERT_TRUE(Read("b.inter", "user_id:token\titem_id:token\tplace:token\nu\tc\thome\n").ok());
  ASSERT_EQ(table_.contexts.size(), 2u);
  EXPECT_EQ(table_.contexts[0].name, "device");
  EXPECT_THAT(table_.contexts[0].positions, ElementsAre(0, kNoValue, kNoValue));
  EXPECT_EQ(table_.contexts[1].name, "place");
  EXPECT_THAT(table_.contexts[1].positions, ElementsAre(kNoValue, kNoValue, 0));
  EXPECT_FALSE(table_.has_times);  // The second file has none.
}

TEST_F(InteractionTableTest, RefusesTimesThatAreNoneOneColumnForBothAndNoRows) {
  const std::string header = "user_id:token\titem_id:token\ttimestamp:float\n";
  EXPECT_THAT(Error(header + "u\ta\tnoon\n"), HasSubstr("toy.inter:2: timestamp is neither"));
  EXPECT_THAT(Error("user_item:token\n"), HasSubstr("user and item must be in different columns"));
  EXPECT_THAT(Error(header), HasSubstr("toy.inter: there are no interactions"));
}

}  // namespace
}  // namespace shortlist
