#include "data/importing/input/block_rows.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TableLayout Layout(TableFormat::Kind kind) {
  TableLayout layout;
  layout.format.kind = kind;
  layout.format.delimiter = ",";
  layout.names = {"item", "user"};
  layout.positions = {2, 0};
  layout.row_cells = 3;
  return layout;
}

TEST(BlockRows, TakesTheColumnsThatAreWanted) {
  const TableLayout layout = Layout(TableFormat::Kind::kDelimited);
  BlockRows rows;
  rows.Start("u,x,i\n1,2\nu\xFF,x,i\nu2,\xFF,i2\n", layout);
  ASSERT_TRUE(rows.Next());
  EXPECT_THAT(rows.cells(), ElementsAre("i", "u"));
  ASSERT_TRUE(rows.Next());
  EXPECT_EQ(rows.status().message(), "expected 3 columns, found 2");
  ASSERT_TRUE(rows.Next());
  EXPECT_EQ(rows.status().message(), "malformed UTF-8");
  ASSERT_TRUE(rows.Next());  // What is not wanted may be anything.
  EXPECT_TRUE(rows.status().ok());
  EXPECT_EQ(rows.line(), 4u);
  EXPECT_FALSE(rows.Next());
  EXPECT_EQ(rows.lines_read(), 4u);
}

TEST(BlockRows, ReadsJsonAndPython) {
  const TableLayout json = Layout(TableFormat::Kind::kJsonLines);
  const TableLayout python = Layout(TableFormat::Kind::kPythonLines);
  BlockRows rows;
  rows.Start("{\"user\": \"u\", \"item\": [\"i\", \"j\"]}\n", json);
  ASSERT_TRUE(rows.Next());
  EXPECT_THAT(rows.cells(), ElementsAre("i|j", "u"));
  EXPECT_TRUE(rows.IsArray(0));
  rows.Start("{'user': u'v', 'item': None}\n", python);
  ASSERT_TRUE(rows.Next());
  EXPECT_THAT(rows.cells(), ElementsAre("", "v"));
  EXPECT_FALSE(rows.IsArray(0));
}

}  // namespace
}  // namespace shortlist
