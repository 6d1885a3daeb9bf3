// `shortlist describe`, run as a program.

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/files.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

// A log of clicks: three users, three items of four, one refusal, one unknown time, two at the same
// time, one repeat, one column that is of no use.
std::string WriteClicks(const TemporaryFolder& folder) {
  folder.Write("clicks/clicks.inter",
               "user_id:token\titem_id:token\tlabel:float\ttimestamp:float\tprice:float\n"
               "ann\ta\t1\t946684800\t7\n"  // 2000-01-01
               "ann\tb\t1\t946684800\t8\n"  // Tied.
               "ann\ta\t1\t946771200\t9\n"  // A repeat, the day after: another session.
               "bob\ta\t1\t0\t7\n"          // Unknown.
               "bob\tb\t0\t946684800\t7\n"  // Refused.
               "eve\tc\t1\t946684860\t7\n");
  folder.Write("clicks/clicks.item",
               "item_id:token\tgenre:token\tyear:float\na\tWar\t1990\nb\tWar\t2001\n"
               "c\t\t1999\nd\tEpic\t\n");
  return (folder / "clicks").string();
}

TEST(DescribeCommand, PrintsTheReportAndWritesItAsAPageAndAsJson) {
  const TemporaryFolder folder;
  const std::string html = (folder / "report.html").string();
  const std::string json_file = (folder / "report.json").string();
  const CommandResult describe = RunShortlist("describe --dataset " + WriteClicks(folder) +
                                              " --html " + html + " --json " + json_file);
  ASSERT_EQ(describe.exit_code, 0) << describe.errors;
  for (const char* line :
       {"users +3\n", "items +3, and 1 without interactions\n", "first +2000-01-01\n",
        "last +2000-01-02\n", "refused: negatives for the ranker +1 \\(16.7 %\\)\n",
        "positive: learned from +5 \\(83.3 %\\)\n",
        "tied: at the time of another of the user +2 \\(40.0 %\\)\n",
        "at a time that is not known +1 \\(20.0 %\\)\n",
        "repeats: with an item that the user had +1 \\(20.0 %\\)\n", "2000-01-01 +3  ",
        "2000-01-02 +1  ", "item +genre +token +2  1 \\(25.0 %\\)  War 50 %, Epic 25 %\n",
        "item +year +number +3  1 \\(25.0 %\\)  1990 to 2001\n",
        "reading  clicks.inter: column price is ignored"})
    EXPECT_THAT(describe.output, ContainsRegex(line));
  EXPECT_THAT(describe.output, HasSubstr("There are 3 of 2 users; 1 (50.0 %) have one alone."));
  EXPECT_THAT(*ReadFile(html), HasSubstr("<h1>Data report: clicks</h1>"));

  std::ifstream stream(json_file);
  const nlohmann::json json = nlohmann::json::parse(stream);
  EXPECT_EQ(json["dataset"], "clicks");
  EXPECT_EQ(json["interactions"], 5);
  EXPECT_DOUBLE_EQ(json["density"], 4.0 / 9);
  EXPECT_EQ(json["summary"]["refused"], 1);
  EXPECT_EQ(json["sessions"]["sessions"], 3);
  EXPECT_EQ(json["items"]["with_none"], 1);
  EXPECT_EQ(json["items"]["ranks"][0], nlohmann::json({1, 3}));
  EXPECT_EQ(json["attributes"][0]["most_frequent"][0], nlohmann::json({"War", 2}));
}

TEST(DescribeCommand, ReadsTheFilesOfAFixedSplitAndWorthAsToldTo) {
  const TemporaryFolder folder;
  folder.Write("toy/toy.train.inter",
               "user_id:token\titem_id:token\trating:float\nu\ta\t5\nu\tb\t1\n");
  folder.Write("toy/toy.test.inter", "user_id:token\titem_id:token\trating:float\nu\tc\t4\n");
  const std::string toy = (folder / "toy").string();
  EXPECT_NE(RunShortlist("describe --dataset " + toy).exit_code, 0);
  const CommandResult describe =
      RunShortlist("describe --fixed-split --dataset " + toy + " --positive rating>=4");
  ASSERT_EQ(describe.exit_code, 0) << describe.errors;
  EXPECT_THAT(describe.output, ContainsRegex("positive: learned from +2 \\(66.7 %\\)\n"));
  EXPECT_THAT(describe.output, ContainsRegex("left out: worth nothing +1 \\(33.3 %\\)\n"));
}

}  // namespace
}  // namespace shortlist
