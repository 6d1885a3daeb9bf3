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
