#include "data/attributes/attribute_table.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AttributeTableTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<AttributeColumn>> Read(const std::string& content,
                                                    bool skip_bad_rows = false) {
    auto file = AtomicFile::Open(folder_.Write("toy.item", content));
    EXPECT_TRUE(file.ok()) << file.status();
    file_.emplace(*std::move(file));  // The cells are views into it.
    bad_rows_.emplace(skip_bad_rows);
    return ReadAttributeTable(*file_, "item", spec_, ids_, *bad_rows_, notes_);
  }

  TemporaryFolder folder_;
  std::optional<AtomicFile> file_;
  std::optional<BadRows> bad_rows_;
  Interner ids_;
  DatasetSpec spec_;
  LoadNotes notes_;
};

TEST_F(AttributeTableTest, PutsCellsWhereTheIdsAreNumberedAndNumbersNewOnesNext) {
  ids_.Intern("b");
  ids_.Intern("known from elsewhere");
  const auto columns = Read("genre:token_seq\titem_id:token\tyear:float\nWar\ta\t1\nEpic\tb\t2\n");
  ASSERT_TRUE(columns.ok()) << columns.status();
  EXPECT_THAT(ids_.ToStrings(), ElementsAre("b", "known from elsewhere", "a"));
  ASSERT_EQ(columns->size(), 2u);
  EXPECT_EQ((*columns)[0].name, "genre");
  EXPECT_EQ((*columns)[0].type, AttributeType::kTokens);
  EXPECT_THAT((*columns)[0].cells, ElementsAre("Epic", "", "War"));
  EXPECT_EQ((*columns)[1].type, AttributeType::kNumber);
  EXPECT_THAT((*columns)[1].cells, ElementsAre("2", "", "1"));
}

TEST_F(AttributeTableTest, HasOneColumnOfVectors) {
  const auto columns =
      Read("item_id:token\tvector:float_seq\tx:token\tsecond:float_seq\na\t1 2\tq\t3\n");
  ASSERT_EQ(columns->size(), 2u);
  EXPECT_EQ((*columns)[0].name, "vector");
  EXPECT_TRUE((*columns)[0].is_vector);
  EXPECT_EQ((*columns)[1].name, "x");
  EXPECT_FALSE((*columns)[1].is_vector);
}

TEST_F(AttributeTableTest, SaysWhoseRowIsWhichWithThoseThatAreLeftOut) {
  ids_.Intern("b");
  auto file = AtomicFile::Open(folder_.Write(
      "toy.item", "item_id:token\tx:token\n\tbad\na\t1\n\nbad\nb\t2\na\t3\nc\t4\n\tbad\n"));
  ASSERT_TRUE(file.ok()) << file.status();
  BadRows bad_rows(/*skip=*/true);
  std::vector<uint32_t> rows;
  ASSERT_TRUE(ReadAttributeTable(*file, "item", spec_, ids_, bad_rows, notes_, &rows).ok());
  EXPECT_THAT(ids_.ToStrings(), ElementsAre("b", "a", "c"));
  EXPECT_THAT(rows, ElementsAre(kBadRow, 1, kBadRow, 0, kBadRow, 2, kBadRow));
}

TEST_F(AttributeTableTest, RefusesASecondRow) {
  EXPECT_THAT(std::string(Read("item_id:token\tyear:float\na\t1\na\t2\n").status().message()),
              HasSubstr("toy.item:3: a second row for the item \"a\""));
}

TEST_F(AttributeTableTest, TakesTypesAndMissingCellsAsTheyAreDeclared) {
  spec_.columns = {
      {.name = "code", .type = ColumnType::kNumber, .separator = "", .missing = {"-1", "?"}},
      {.name = "rank", .type = ColumnType::kToken, .separator = "", .missing = {}},
      {.name = "notes", .type = ColumnType::kIgnored, .separator = "", .missing = {}}};
  const auto columns = Read(
      "item_id:token\tcode:token\trank:float\tnotes:token\na\t-1.0\t1\tx\nb\t7\t2\ty\nc\t?\t\tz\n");
  ASSERT_TRUE(columns.ok()) << columns.status();
  ASSERT_EQ(columns->size(), 2u);
  EXPECT_EQ((*columns)[0].type, AttributeType::kNumber);
  EXPECT_THAT((*columns)[0].cells, ElementsAre("", "7", ""));
  EXPECT_EQ((*columns)[1].type, AttributeType::kToken);
}

}  // namespace
}  // namespace shortlist
