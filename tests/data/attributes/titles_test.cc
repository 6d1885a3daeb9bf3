#include "data/attributes/titles.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

AttributeColumn Column(std::string name, std::vector<std::string_view> cells = {"x", "y", "z"}) {
  return {.name = std::move(name), .type = AttributeType::kToken, .cells = std::move(cells)};
}

std::optional<size_t> Title(const std::vector<AttributeColumn>& columns) {
  return FindTitle(columns);
}

TEST(FindTitle, PrefersTitleToNameToWhatEndsInThem) {
  EXPECT_EQ(Title({Column("movie_title"), Column("name"), Column("Title")}), 2);
  EXPECT_EQ(Title({Column("movie_title"), Column("name")}), 1);
  EXPECT_EQ(Title({Column("year"), Column("movie_title")}), 1);
  EXPECT_EQ(Title({Column("subtitle"), Column("titles"), Column("nickname")}), std::nullopt);
  EXPECT_EQ(Title({}), std::nullopt);
}

TEST(FindTitle, IsNoColumnOfFewValuesNorOfWhatItemsShare) {
  EXPECT_EQ(Title({Column("line_name", {"Shoes", "Hats", "Shoes"})}), std::nullopt);
  EXPECT_EQ(Title({Column("category_name")}), std::nullopt);
  EXPECT_EQ(Title({Column("artist_name"), Column("track_name", {"a", "b", "", "c"})}), 1);
  EXPECT_EQ(Title({Column("short_name", {"a", "b", ""}), Column("product_name")}), 1);
}

TEST(FindTitle, IsNeverANumber) {
  AttributeColumn numbers = Column("title", {"1", "2", "3"});
  numbers.type = AttributeType::kNumber;
  EXPECT_EQ(Title({numbers}), std::nullopt);
}

}  // namespace
}  // namespace shortlist
