#include "data/importing/input/table_rows.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

using Rows = std::vector<std::vector<std::string>>;

class TableRowsTest : public ::testing::Test {
 protected:
  absl::Status Read(std::string_view content, std::vector<std::string> columns = {"a", "b"}) {
    rows_.clear();
    return ForEachTableRow(folder_.Write("x.csv", content), {}, columns, bad_rows_,
                           [&](std::span<const std::string_view> cells) {
                             rows_.emplace_back(cells.begin(), cells.end());
                             return absl::OkStatus();
                           });
  }
  Rows MustRead(std::string_view content) {
    absl::Status status = Read(content);
    EXPECT_TRUE(status.ok()) << status;
    return rows_;
  }
  // The first error without the file's folder.
  std::string Error(std::string_view content) {
    BadRows stop(/*skip=*/false);
    absl::Status status =
        ForEachTableRow(folder_.Write("x.csv", content), {}, {"a", "b"}, stop,
                        [](std::span<const std::string_view>) { return absl::OkStatus(); });
    std::string message(status.message());
    return message.substr(message.find("x.csv"));
  }

  TemporaryFolder folder_;
  BadRows bad_rows_{/*skip=*/true};
  Rows rows_;
};

TEST_F(TableRowsTest, ReadsQuotedCells) {
  EXPECT_THAT(MustRead("a,b\n\"1,2\",\"say \"\"hi\"\"\"\n,\"\"\n"),
              ElementsAre(ElementsAre("1,2", "say \"hi\""), ElementsAre("", "")));
}

TEST_F(TableRowsTest, ReadsLineEndsWithinQuotes) {
  EXPECT_THAT(MustRead("a,b\n\"1\n2\",3\n4,5\n"),
              ElementsAre(ElementsAre("1\n2", "3"), ElementsAre("4", "5")));
}

TEST_F(TableRowsTest, AcceptsCrlfBlankLinesAndAMissingLastLineEnd) {
  EXPECT_THAT(MustRead("a,b\r\n1,2\r\n\r\n  \n3,4"),
              ElementsAre(ElementsAre("1", "2"), ElementsAre("3", "4")));
}

TEST_F(TableRowsTest, TakesColumnsByName) {
  EXPECT_TRUE(Read("b,c,a\n1,2,3\n").ok());
  EXPECT_THAT(rows_, ElementsAre(ElementsAre("3", "1")));
}

TEST_F(TableRowsTest, RefusesAHeaderWithoutAColumnItNeeds) {
  EXPECT_THAT(Error("a,c\n"), "x.csv:1: there is no column b; there are: a, c");
  EXPECT_THAT(Error(""), "x.csv is empty");
}

TEST_F(TableRowsTest, NamesTheFirstLineOfABadRow) {
  EXPECT_EQ(Error("a,b\n1,2\n3\n"), "x.csv:3: expected 2 columns, found 1");
  EXPECT_EQ(Error("a,b\n\n\"1\n2\",3,4\n"), "x.csv:3: expected 2 columns, found 3");
  EXPECT_EQ(Error("a,b\n1,\"2\n3,4\n5,6\n"), "x.csv:2: a quoted cell does not end");
  EXPECT_EQ(Error("a,b\n1,\"2\"x\n"), "x.csv:2: a quote is neither around a cell nor doubled");
  EXPECT_EQ(Error("a,b\n1,2\"\n"), "x.csv:2: a quote is neither around a cell nor doubled");
  EXPECT_EQ(Error("a,b\n1,\xff\n"), "x.csv:2: malformed UTF-8");
  EXPECT_EQ(Error("a,b\n1,2\r3,4\n"), "x.csv:2: a carriage return within the row");
}

TEST_F(TableRowsTest, LosesOnlyTheLineOfABadRow) {
  EXPECT_THAT(MustRead("a,b\n1,\"2\n3,4\n5,6\n7\n\"8\",9\n"),
              ElementsAre(ElementsAre("3", "4"), ElementsAre("5", "6"), ElementsAre("8", "9")));
  EXPECT_EQ(bad_rows_.count(), 2u);
}

TEST_F(TableRowsTest, KnowsTheLineAfterGoingBack) {
  BadRows skip(/*skip=*/true);
  absl::Status status = ForEachTableRow(
      folder_.Write("x.csv", "a,b\n1,\"2\n3,4\nbad,6\n"), {}, {"a"}, skip,
      [&](std::span<const std::string_view> cells) {
        return cells[0] == "bad" ? absl::InvalidArgumentError("bad") : absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(skip.count(), 2u);
  EXPECT_THAT(std::string(skip.last_error().message()), ::testing::EndsWith("x.csv:4: bad"));
}

}  // namespace
}  // namespace shortlist
