#include "app/text_table.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(TextTable, AlignsColumnsByWhatTheyHold) {
  TextTable table({{"item", TextTable::kLeft}, {"score", TextTable::kRight}});
  table.AddRow({"Alien", "2.31"});
  table.AddRow({"X", "-10.5"});
  EXPECT_EQ(table.ToString(),
            "item   score\n"
            "Alien   2.31\n"
            "X      -10.5\n");
}

TEST(TextTable, CountsCharactersNotBytesAndLeavesNoSpaceAtTheEnd) {
  TextTable table({{"n", TextTable::kRight}, {"title", TextTable::kLeft}});
  table.AddRow({"\u00e9\u00e9", "a"});
  table.AddRow({"x", "longer title"});
  EXPECT_EQ(table.ToString(), " n  title\n\u00e9\u00e9  a\n x  longer title\n");
}

TEST(Shorten, CutsLongTextsToTheWidthWithAnEllipsis) {
  EXPECT_EQ(Shorten("Alien", 5), "Alien");
  EXPECT_EQ(Shorten("Aliens", 5), "Alie\u2026");
  EXPECT_EQ(Shorten("\u00e9\u00e9\u00e9", 2), "\u00e9\u2026");
}

}  // namespace
}  // namespace shortlist
