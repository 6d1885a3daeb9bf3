#include "data/tables/separated_rows.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(SplitCells, KeepsEmptyCellsAndReplacesThoseBefore) {
  std::vector<std::string_view> cells = {"before"};
  SplitCells("a::b", "::", cells);
  EXPECT_THAT(cells, ElementsAre("a", "b"));
  SplitCells("::a:::", "::", cells);
  EXPECT_THAT(cells, ElementsAre("", "a", ":"));
  SplitCells("", "::", cells);
  EXPECT_THAT(cells, ElementsAre(""));
}

TEST(ForEachSeparatedRow, StopsAtTheFirstBadRowAndNamesItsLineAndReason) {
  auto error = [](std::string_view content) {
    LineReader reader("f", content);
    BadRows bad_rows(/*skip=*/false);
    return std::string(
        ForEachSeparatedRow(reader, "|", 2, bad_rows, [](std::span<const std::string_view> cells) {
          return cells[1] == "bad" ? absl::InvalidArgumentError("it is bad") : absl::OkStatus();
        }).message());
  };
  EXPECT_EQ(error("a|b\n"), "");
  EXPECT_EQ(error("a|b\na\n"), "f:2: expected 2 columns, found 1");
  EXPECT_EQ(error("a|\xFF\n"), "f:1: malformed UTF-8");
  EXPECT_EQ(error("a|b\na|bad\n"), "f:2: it is bad");
}

TEST(ForEachSeparatedRow, PassesOverBlankLinesAndSeparatorsAtTheEndsOfLines) {
  auto read = [](std::string_view content, size_t columns, bool trailing) {
    LineReader reader("f", content);
    BadRows bad_rows(/*skip=*/true);
    std::vector<std::string> rows;
    EXPECT_TRUE(ForEachSeparatedRow(
                    reader, "|", columns, bad_rows,
                    [&](std::span<const std::string_view> cells) {
                      rows.emplace_back();
                      for (std::string_view cell : cells) rows.back().append(cell).append("/");
                      return absl::OkStatus();
                    },
                    trailing)
                    .ok());
    rows.push_back(std::to_string(bad_rows.count()));
    return rows;
  };
  EXPECT_THAT(read("a|b\n\n  \nc|d\n\n\n", 2, false), ElementsAre("a/b/", "c/d/", "0"));
  EXPECT_THAT(read("a\n\nb\n", 1, false), ElementsAre("a/", "/", "b/", "0"));
  EXPECT_THAT(read("a|b|\nc|d\ne|f|g\nh||\n", 2, true), ElementsAre("a/b/", "c/d/", "h//", "1"));
  EXPECT_THAT(read("a|b|\n", 2, false), ElementsAre("1"));
}

TEST(ForEachSeparatedRow, LeavesOutBadRowsAndGoesOnWhenAsked) {
  LineReader reader("f", "a|b\nbad\nc|d\n");
  BadRows bad_rows(/*skip=*/true);
  std::vector<std::string> firsts;
  EXPECT_TRUE(
      ForEachSeparatedRow(reader, "|", 2, bad_rows, [&](std::span<const std::string_view> cells) {
        firsts.emplace_back(cells[0]);
        return absl::OkStatus();
      }).ok());
  EXPECT_THAT(firsts, ElementsAre("a", "c"));
  EXPECT_EQ(bad_rows.count(), 1u);
}

}  // namespace
}  // namespace shortlist
