#include "data/interactions/interaction_order.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

class InteractionOrderTest : public ::testing::Test {
 protected:
  // Rows are "USER ITEM TIME RATING"; no times in any: no column of them.
  void Read(const std::vector<std::string>& rows, bool has_times = true) {
    std::string content = has_times
                              ? "user_id:token\titem_id:token\ttimestamp:float\trating:float\n"
                              : "user_id:token\titem_id:token\n";
    for (std::string row : rows) {
      std::replace(row.begin(), row.end(), ' ', '\t');
      content += row + "\n";
    }
    file_.push_back(*AtomicFile::Open(folder_.Write("toy.inter", content)));
    BadRows bad_rows(/*skip=*/false);
    LoadNotes notes;
    ASSERT_TRUE(ReadInteractions(file_.back(), {}, users_, items_, bad_rows, notes, table_).ok());
    table_.times.Recognise(TimeUnit::kRecognised);
  }
  InteractionOrder Order(const std::vector<uint8_t>& parts = {}, std::vector<bool> keep = {}) {
    return OrderByUserAndTime(table_, parts, keep, users_, items_);
  }
  // "USER:ITEM" of each row, in order.
  std::vector<std::string> Names(const InteractionOrder& order) {
    std::vector<std::string> names;
    for (size_t user = 0; user + 1 < order.begins.size(); ++user)
      for (size_t i = order.begins[user]; i < order.begins[user + 1]; ++i)
        names.push_back(std::string(users_[table_.users[order.rows[i]]]) + ":" +
                        std::string(items_[table_.items[order.rows[i]]]));
    return names;
  }

  TemporaryFolder folder_;
  std::vector<AtomicFile> file_;
  Interner users_, items_;
  InteractionTable table_;
};

TEST_F(InteractionOrderTest, GoesByUserThenPartThenTime) {
  Read({"b x 9 1", "a x 3 1", "b y 5 1", "b z  1", "a y 2 1"});
  EXPECT_THAT(Names(Order()), ElementsAre("b:z", "b:y", "b:x", "a:y", "a:x"));
  EXPECT_THAT(Names(Order({0, 1, 1, 1, 2})), ElementsAre("b:x", "b:z", "b:y", "a:x", "a:y"));
  EXPECT_THAT(Names(Order({}, {true, false, true, true, true})),
              ElementsAre("b:z", "b:y", "b:x", "a:y"));
}

TEST_F(InteractionOrderTest, KeepsAUsersRowsAsTheyAreWhereThereAreNoTimes) {
  Read({"b x", "a x", "b w", "a b"}, /*has_times=*/false);
  EXPECT_THAT(Names(Order()), ElementsAre("b:x", "b:w", "a:x", "a:b"));
}

// The order of 30 rows of one user at one time, read in another order each.
TEST_F(InteractionOrderTest, BreaksTiesByAHashThatKnowsNoOrderOfRowsOrItems) {
  std::vector<std::string> rows;
  for (int item = 10; item < 40; ++item) rows.push_back(absl::StrCat("u i", item, " 5 1"));
  rows.push_back("u i10 5 2");  // Once more, with another rating.
  std::vector<std::string> first;
  std::mt19937_64 random(1);
  for (int round = 0; round < 5; ++round) {
    users_ = items_ = Interner();
    table_ = InteractionTable();
    std::shuffle(rows.begin(), rows.end(), random);
    Read(rows);
    const InteractionOrder order = Order();
    std::vector<std::string> names = Names(order);
    for (size_t i = 0; i < names.size(); ++i)
      absl::StrAppend(&names[i], "=", table_.ratings[order.rows[i]]);
    if (round == 0) first = names;
    EXPECT_EQ(names, first);
    EXPECT_FALSE(std::is_sorted(names.begin(), names.end()));
  }
}

TEST_F(InteractionOrderTest, OtherUsersHaveOtherOrdersOfTies) {
  std::vector<std::string> rows;
  for (int item = 10; item < 40; ++item)
    for (const char* user : {"u", "v"}) rows.push_back(absl::StrCat(user, " i", item, " 5 1"));
  Read(rows);
  std::vector<std::string> names = Names(Order());
  for (std::string& name : names) name = name.substr(2);
  EXPECT_FALSE(std::equal(names.begin(), names.begin() + 30, names.begin() + 30));
}

TEST_F(InteractionOrderTest, LeavesTheFirstOrTheLastOfDuplicates) {
  Read({"u x 1 1", "u y 2 1", "u x 3 2", "v x 4 1", "u x 5 3"});
  auto ratings = [&](Duplicates which, uint64_t left_out) {
    InteractionOrder order = Order();
    EXPECT_EQ(LeaveOutDuplicates(which, table_, items_.size(), order), left_out);
    EXPECT_EQ(order.begins.back(), order.rows.size());
    return Names(order);
  };
  EXPECT_THAT(ratings(Duplicates::kAll, 0), ElementsAre("u:x", "u:y", "u:x", "u:x", "v:x"));
  EXPECT_THAT(ratings(Duplicates::kFirst, 2), ElementsAre("u:x", "u:y", "v:x"));
  EXPECT_THAT(ratings(Duplicates::kLast, 2), ElementsAre("u:y", "u:x", "v:x"));
}

TEST_F(InteractionOrderTest, LeavesOutTheRareAgainAndAgain) {
  // Item z is rare; without it user c is, too; and without c item y.
  Read({"a x 1 1", "a w 2 1", "b x 3 1", "b w 4 1", "c z 5 1", "c y 6 1", "a y 7 1"});
  InteractionOrder order = Order();
  const LeftOut left_out = LeaveOutRare(2, 2, table_, items_.size(), order);
  EXPECT_THAT(Names(order), ElementsAre("a:x", "a:w", "b:x", "b:w"));
  EXPECT_EQ(left_out.user_count, 1U);
  EXPECT_EQ(left_out.item_count, 2U);
  EXPECT_EQ(left_out.rows, 3U);
  EXPECT_THAT(left_out.users, ElementsAre(false, false, true));

  table_.worths.assign(7, 1);
  table_.worths[0] = -1;  // Refused: x is taken once only.
  InteractionOrder refused = Order();
  LeaveOutRare(0, 2, table_, items_.size(), refused);
  EXPECT_THAT(Names(refused), ElementsAre("a:w", "a:y", "b:w", "c:y"));
}

}  // namespace
}  // namespace shortlist
