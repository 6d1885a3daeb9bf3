#include "data/attributes/number_columns.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

AttributeColumn Column(std::string name, AttributeType type, std::vector<std::string_view> cells) {
  return {.name = std::move(name), .type = type, .cells = std::move(cells)};
}

TEST(NamesNumbers, GoesByWholeWords) {
  for (const char* name : {"year", "age", "release_year", "releaseYear", "Year-Of-Publication",
                           "AGE", "year_published", "user age"})
    EXPECT_TRUE(NamesNumbers(name)) << name;
  for (const char* name :
       {"language", "package", "mileage", "years_old", "age_group", "image", "leapyear", "", "7"})
    EXPECT_FALSE(NamesNumbers(name)) << name;
}

TEST(SettleNumbers, TakesTokensNamedLikeNumbersWithOneOtherCellInAHundred) {
  auto type_of = [](const std::string& name, size_t numbers, size_t others, bool declared = false) {
    AttributeColumn column = Column(name, AttributeType::kToken, {});
    column.cells.assign(numbers, "1999");
    column.cells.insert(column.cells.end(), others, "unknown");
    SettleNumbers(column, declared);
    return column.type;
  };
  EXPECT_EQ(type_of("release_year", 99, 1), AttributeType::kNumber);
  EXPECT_EQ(type_of("age", 3, 0), AttributeType::kNumber);
  EXPECT_EQ(type_of("year", 98, 1), AttributeType::kToken);
  EXPECT_EQ(type_of("year", 0, 0), AttributeType::kToken);
  EXPECT_EQ(type_of("language", 3, 0), AttributeType::kToken);
  EXPECT_EQ(type_of("package", 3, 0), AttributeType::kToken);
  EXPECT_EQ(type_of("year", 3, 0, /*declared=*/true), AttributeType::kToken);
}

TEST(SettleNumbers, LeadingZerosAreCodesUnlessNumbersAreDeclared) {
  AttributeColumn codes = Column("model_year", AttributeType::kToken, {"007", "7", "12"});
  EXPECT_EQ(SettleNumbers(codes, false), std::nullopt);
  EXPECT_EQ(codes.type, AttributeType::kToken);
  AttributeColumn declared = Column("month", AttributeType::kNumber, {"01", "11", "0.5", "0"});
  EXPECT_THAT(SettleNumbers(declared, false).value_or(""),
              testing::StartsWith("1 of 4 cells (25.0 %), such as \"01\", have leading zeros"));
  EXPECT_EQ(declared.type, AttributeType::kNumber);
}

TEST(SettleNumbers, CellsThatAreNoNumbersAreMissingAndTold) {
  AttributeColumn column = Column("price", AttributeType::kNumber, {"1.5", "—", "", "3", "N/A"});
  EXPECT_EQ(SettleNumbers(column, false),
            "2 of 4 cells (50.0 %), such as \"N/A\", are no numbers and taken as missing");
  EXPECT_EQ(column.type, AttributeType::kNumber);
  AttributeColumn good = Column("price", AttributeType::kNumber, {"1.5", "", "3"});
  EXPECT_EQ(SettleNumbers(good, false), std::nullopt);
}

TEST(SettleNumbers, AColumnOfMostlyOtherThingsHoldsTokens) {
  AttributeColumn column = Column("price", AttributeType::kNumber, {"$5", "$7", "3", "NA", "NA"});
  EXPECT_EQ(
      SettleNumbers(column, false),
      "2 of 5 cells (40.0 %), such as \"$5\", are no numbers: its cells are taken for tokens");
  EXPECT_EQ(column.type, AttributeType::kToken);
  // Words for no value have no say.
  AttributeColumn empty = Column("price", AttributeType::kNumber, {"NA", "nan", "3"});
  SettleNumbers(empty, false);
  EXPECT_EQ(empty.type, AttributeType::kNumber);
}

}  // namespace
}  // namespace shortlist
