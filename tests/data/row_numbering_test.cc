#include "data/row_numbering.h"

#include "data/attributes/attribute_columns.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

class RowNumberingTest : public ::testing::Test {
 protected:
  RowNumberingTest() {
    for (const char* id : {"b", "10", "\xC3\xA4", "9"}) ids_.Intern(id);
  }
  Interner ids_;
};

TEST_F(RowNumberingTest, GoesByTheBytesOfTheIds) {
  const RowNumbering numbering = NumberByBytes(ids_, {});
  EXPECT_THAT(numbering.ids, ElementsAre("10", "9", "b", "\xC3\xA4"));
  EXPECT_THAT(numbering.new_rows, ElementsAre(2, 0, 3, 1));
  EXPECT_THAT(numbering.old_rows, ElementsAre(1, 3, 0, 2));
}

TEST_F(RowNumberingTest, LeavesOutAndBringsCellsAlong) {
  const RowNumbering numbering = NumberByBytes(ids_, {false, true});
  EXPECT_THAT(numbering.ids, ElementsAre("9", "b", "\xC3\xA4"));
  EXPECT_THAT(numbering.new_rows, ElementsAre(1, RowNumbering::kLeftOut, 2, 0));
  std::vector<AttributeColumn> columns = {{.name = "x", .cells = {"of b", "of 10", "", "of 9"}}};
  Renumber(numbering, columns);
  EXPECT_THAT(columns[0].cells, ElementsAre("of 9", "of b", ""));
}

}  // namespace
}  // namespace shortlist
