// `shortlist history`, run as a program.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class HistoryCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.Write("toy/toy.inter",
                  "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
                  "7\t1\t4.5\t1000000000\n7\t20\t5\t900000000\n"
                  "7\t300\t4.5\t1100000000\n8\t20\t1\t900000000\n");
    folder_.Write("toy/toy.item", "item_id:token\ttitle:token_seq\n1\tToy Story\n20\tHeat\n");
  }
  std::string Toy() { return (folder_ / "toy").string(); }

  TemporaryFolder folder_;
};

TEST_F(HistoryCommandTest, ShowsTheBestRatedThenTheNewestFirst) {
  EXPECT_EQ(RunShortlist("history --dataset " + Toy() + " --user 7").output,
            "User 7: the best rated 3 of 3 items\n"
            "rating  date        item  title\n"
            "     5  1998-07-09  20    Heat\n"
            "   4.5  2004-11-09  300   -\n"
            "   4.5  2001-09-09  1     Toy Story\n");
  EXPECT_EQ(RunShortlist("history --dataset " + Toy() + " --user 7 --count 1").output,
            "User 7: the best rated 1 of 3 items\n"
            "rating  date        item  title\n"
            "     5  1998-07-09  20    Heat\n");
}

TEST_F(HistoryCommandTest, DoesWithoutRatingsTimesAndTitles) {
  folder_.Write("plain/plain.inter", "user_id:token\titem_id:token\nu\ta\nu\tb\n");
  EXPECT_EQ(RunShortlist("history --dataset " + (folder_ / "plain").string() + " --user u").output,
            "User u: the newest 2 of 2 items\n"
            "rating  date        item  title\n"
            "     -  -           b     -\n"
            "     -  -           a     -\n");
}

TEST_F(HistoryCommandTest, RefusesAnUnknownUser) {
  CommandResult history = RunShortlist("history --dataset " + Toy() + " --user nobody");
  EXPECT_EQ(history.exit_code, 1);
  EXPECT_THAT(history.errors, HasSubstr("the data set toy has no user \"nobody\""));
}

}  // namespace
}  // namespace shortlist
