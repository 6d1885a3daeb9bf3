#include "data/interaction_table.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr uint32_t kNoValue = ContextColumn::kNoValue;

class InteractionTableTest : public ::testing::Test {
 protected:
  absl::Status Read(const std::string& name, const std::string& content) {
    auto file = AtomicFile::Open(folder_.Write(name, content));
    EXPECT_TRUE(file.ok()) << file.status();
    files_.push_back(*std::move(file));  // The table has views into it.
    BadRows bad_rows(/*skip=*/false);
    return ReadInteractions(files_.back(), users_, items_, bad_rows, table_);
  }
  std::string Error(const std::string& content) {
    return std::string(Read("toy.inter", content).message());
  }

  TemporaryFolder folder_;
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
  EXPECT_THAT(table_.values, ElementsAre(4.5F, 0, 1));
  EXPECT_THAT(table_.times, ElementsAre(30, 20, 10));
  EXPECT_TRUE(table_.has_times);
}

TEST_F(InteractionTableTest, WithoutTimesTheNumberOfTheRowStandsForThem) {
  ASSERT_TRUE(Read("toy.inter", "user_id:token\titem_id:token\nu\ta\nu\tb\n").ok());
  EXPECT_THAT(table_.times, ElementsAre(0, 1));
  EXPECT_FALSE(table_.has_times);
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

TEST_F(InteractionTableTest, RefusesTimesOutOfRangeOneColumnForBothAndNoRows) {
  const std::string header = "user_id:token\titem_id:token\ttimestamp:float\n";
  EXPECT_THAT(Error(header + "u\ta\t2e15\n"), HasSubstr("toy.inter:2: timestamp is out of range"));
  EXPECT_THAT(Error("user_item:token\n"), HasSubstr("user and item must be in different columns"));
  EXPECT_THAT(Error(header), HasSubstr("toy.inter: there are no interactions"));
}

}  // namespace
}  // namespace shortlist
