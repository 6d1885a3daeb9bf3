#include "data/attributes/vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace shortlist
