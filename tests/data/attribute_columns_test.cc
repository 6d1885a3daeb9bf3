#include "data/attribute_columns.h"

#include <cmath>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(EncodeAttributes, CodesValuesInTheOrderOfTheirFirstAppearanceColumnAfterColumn) {
  const EncodedAttributes encoded =
      EncodeAttributes({{.name = "gender", .type = AttributeType::kToken, .cells = {"F", "M", ""}},
                        {.name = "genre",
                         .type = AttributeType::kTokens,
                         .cells = {"War  Drama", "Drama War War", "Comedy"}}},
                       3);
  ASSERT_EQ(encoded.codes.schema.size(), 2u);
  EXPECT_THAT(encoded.codes.schema[0].values, ElementsAre("F", "M"));
  EXPECT_THAT(encoded.codes.schema[1].values, ElementsAre("War", "Drama", "Comedy"));
  // Codes of the second column begin behind the two of the first; none twice.
  EXPECT_THAT(CodesOf(encoded.codes, 0), ElementsAre(0, 2, 3));
  EXPECT_THAT(CodesOf(encoded.codes, 1), ElementsAre(1, 2, 3));
  EXPECT_THAT(CodesOf(encoded.codes, 2), ElementsAre(4));
  EXPECT_TRUE(encoded.numbers.empty());
}

TEST(EncodeAttributes, FewNumbersAreABucketEachAndWhatIsNoneIsMissing) {
  const EncodedAttributes encoded = EncodeAttributes(
      {{.name = "year", .type = AttributeType::kNumber, .cells = {"1999", "x", "1987", "1999"}}},
      4);
  EXPECT_THAT(encoded.codes.schema[0].values, ElementsAre("1987", "1999"));
  EXPECT_THAT(encoded.codes.schema[0].bucket_edges, ElementsAre(1999));
  EXPECT_THAT(encoded.codes.codes, ElementsAre(1, 0, 1));
  EXPECT_THAT(encoded.codes.offsets, ElementsAre(0, 1, 1, 2, 3));
  ASSERT_EQ(encoded.numbers.size(), 1u);
  EXPECT_EQ(encoded.numbers[0][0], 1999);
  EXPECT_TRUE(std::isnan(encoded.numbers[0][1]));
}

TEST(EncodeAttributes, ManyNumbersFallIntoTenBucketsOfEquallyMany) {
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) texts.push_back(std::to_string(i));
  const EncodedAttributes encoded = EncodeAttributes(
      {{.name = "price", .type = AttributeType::kNumber, .cells = {texts.begin(), texts.end()}}},
      100);
  EXPECT_THAT(encoded.codes.schema[0].values,
              ElementsAre("0..9", "10..19", "20..29", "30..39", "40..49", "50..59", "60..69",
                          "70..79", "80..89", "90..99"));
  EXPECT_EQ(encoded.codes.codes[9], 0u);
  EXPECT_EQ(encoded.codes.codes[10], 1u);
}

AttributeColumn Tokens(std::string name, size_t numbers, size_t others) {
  AttributeColumn column{.name = std::move(name), .type = AttributeType::kToken, .cells = {}};
  column.cells.assign(numbers, "1999");
  column.cells.insert(column.cells.end(), others, "unknown");
  return column;
}

TEST(RecogniseNumbers, TakesYearsAndAgesWithOneOtherCellInAHundred) {
  auto type_of = [](AttributeColumn column) {
    RecogniseNumbers(column);
    return column.type;
  };
  EXPECT_EQ(type_of(Tokens("release_year", 99, 1)), AttributeType::kNumber);
  EXPECT_EQ(type_of(Tokens("age", 3, 0)), AttributeType::kNumber);
  EXPECT_EQ(type_of(Tokens("year", 98, 1)), AttributeType::kToken);
  EXPECT_EQ(type_of(Tokens("years_old", 99, 0)), AttributeType::kToken);
  EXPECT_EQ(type_of(Tokens("year", 0, 0)), AttributeType::kToken);
}

TEST(CountDistinctValues, CountsEachValueOfListsOnce) {
  EXPECT_EQ(
      CountDistinctValues(
          {.name = "genre", .type = AttributeType::kTokens, .cells = {"War Drama", "", "Drama"}}),
      2u);
  EXPECT_EQ(
      CountDistinctValues(
          {.name = "title", .type = AttributeType::kToken, .cells = {"War Drama", "", "Drama"}}),
      2u);
}

}  // namespace
}  // namespace shortlist
