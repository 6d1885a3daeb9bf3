#include "data/attributes/attribute_columns.h"

#include <cmath>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(EncodeAttributes, CodesValuesInTheOrderOfTheirBytesColumnAfterColumn) {
  const EncodedAttributes encoded =
      EncodeAttributes({{.name = "gender", .type = AttributeType::kToken, .cells = {"M", " F", ""}},
                        {.name = "genre",
                         .type = AttributeType::kTokens,
                         .cells = {"War  Drama", "Drama War War", "Comedy"}}},
                       3);
  ASSERT_EQ(encoded.codes.schema.size(), 2u);
  EXPECT_THAT(encoded.codes.schema[0].values, ElementsAre("F", "M"));
  EXPECT_THAT(encoded.codes.schema[1].values, ElementsAre("Comedy", "Drama", "War"));
  // Codes of the second column begin behind the two of the first; none twice.
  EXPECT_THAT(CodesOf(encoded.codes, 0), ElementsAre(1, 3, 4));
  EXPECT_THAT(CodesOf(encoded.codes, 1), ElementsAre(0, 3, 4));
  EXPECT_THAT(CodesOf(encoded.codes, 2), ElementsAre(2));
  EXPECT_TRUE(encoded.numbers.empty());
}

TEST(EncodeAttributes, SplitsListsAtTheirSeparator) {
  const EncodedAttributes encoded =
      EncodeAttributes({{.name = "genre",
                         .type = AttributeType::kTokens,
                         .cells = {"War|Martial Arts", "Martial Arts | Drama||"},
                         .separator = "|"}},
                       2);
  EXPECT_THAT(encoded.codes.schema[0].values, ElementsAre("Drama", "Martial Arts", "War"));
  EXPECT_THAT(CodesOf(encoded.codes, 1), ElementsAre(0, 1));
}

TEST(EncodeAttributes, KeepsNumbersAsDoublesAndNamesBucketsWithoutExponents) {
  const EncodedAttributes encoded =
      EncodeAttributes({{.name = "released",
                         .type = AttributeType::kNumber,
                         .cells = {"20240229", "1709164800", "1709164801", "20240228"}}},
                       4);
  EXPECT_THAT(encoded.codes.schema[0].values,
              ElementsAre("20240228", "20240229", "1709164800", "1709164801"));
  EXPECT_THAT(encoded.codes.codes, ElementsAre(1, 2, 3, 0));
  EXPECT_THAT(encoded.numbers[0], ElementsAre(20240229, 1709164800, 1709164801, 20240228));
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
