#include "data/attributes/vectors.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/row_numbering.h"
#include "tests/support/datasets/npy_bytes.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::optional<std::string> Read(std::vector<std::string_view> cells, CatalogData& items) {
  return ReadVectors({.name = "picture", .cells = std::move(cells)}, items);
}

TEST(Vectors, AreAsLongInEveryCellThatHasAny) {
  CatalogData items;
  EXPECT_EQ(Read({"1 -2.5", "", " 3e1  0 "}, items), std::nullopt);
  EXPECT_EQ(items.vector_dim, 2u);
  EXPECT_THAT(items.vectors, ElementsAre(1, -2.5F, 0, 0, 30, 0));
}

TEST(Vectors, AreNoneWhereACellSaysSomethingElse) {
  const std::pair<std::vector<std::string_view>, const char*> faults[] = {
      {{"1 2", "1 2 3"}, "lists of 2 and of 3 numbers"},
      {{"1 2", "1 x"}, "\"x\" is no number"},
      {{"1 1e30"}, "\"1e30\" is no number"},
      {{"", ""}, "it is empty"}};
  for (const auto& [cells, reason] : faults) {
    CatalogData items;
    const std::optional<std::string> why = Read(cells, items);
    ASSERT_TRUE(why);
    EXPECT_THAT(*why, HasSubstr(reason));
    EXPECT_EQ(items.vector_dim, 0u);
    EXPECT_THAT(items.vectors, IsEmpty());
  }
}

class VectorFileTest : public ::testing::Test {
 protected:
  absl::Status Read(const std::string& content, const std::vector<uint32_t>& rows) {
    items_ = {.ids = {"a", "b", "c"}};
    return ReadVectorFile(folder_.Write("toy.item.npy", content), rows, items_);
  }

  TemporaryFolder folder_;
  CatalogData items_;
};

TEST_F(VectorFileTest, RowsGoToTheItemsThatTheyAreOf) {
  ASSERT_TRUE(Read(NpyBytes(3, 2, {1, 2, 3, 4, 5, 6}), {2, RowNumbering::kLeftOut, 0}).ok());
  EXPECT_EQ(items_.vector_dim, 2u);
  EXPECT_THAT(items_.vectors, ElementsAre(5, 6, 0, 0, 1, 2));
}

TEST_F(VectorFileTest, NamesTheFileThatDoesNotFit) {
  EXPECT_THAT(std::string(Read(NpyBytes(2, 1, {1, 2}), {2, 1, 0}).message()),
              HasSubstr("toy.item.npy: has 2 rows, and the file of the items 3"));
  EXPECT_THAT(std::string(Read(NpyBytes(1, 5'000, std::vector<float>(5'000)), {0}).message()),
              HasSubstr("toy.item.npy: vectors of 5000 numbers are not supported"));
  EXPECT_THAT(std::string(Read(NpyBytes(1, 0, {}), {0}).message()),
              HasSubstr("vectors of 0 numbers are not supported"));
  EXPECT_THAT(std::string(Read("no", {0}).message()), HasSubstr("toy.item.npy: is not in NumPy's"));
  EXPECT_EQ(items_.vector_dim, 0u);
}

}  // namespace
}  // namespace shortlist
