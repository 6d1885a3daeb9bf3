#include "data/importing/interaction_cells.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

std::string Number(std::string_view cell) {
  std::string line;
  const absl::Status status = AppendNumberCell(cell, "rating", line);
  return status.ok() ? line : std::string(status.message());
}

std::string Time(std::string_view cell, bool digits_are_dates = false) {
  std::string line;
  const absl::Status status = AppendTimeCell(cell, "time", digits_are_dates, line);
  return status.ok() ? line : std::string(status.message());
}

TEST(IsNumber, KnowsDecimalsOnly) {
  for (const char* cell : {"1", "-1", "0.5", ".5", "1e3", "1588687728923", "12345678901234567890"})
    EXPECT_TRUE(IsNumber(cell)) << cell;
  for (const char* cell : {"", "x", "1x", "1 ", "nan", "inf", "0x10", "1,5", ".", "1.2.3", "1e999"})
    EXPECT_FALSE(IsNumber(cell)) << cell;
}

TEST(AppendNumberCell, KeepsNumbersAsTheyAreAndEmptiesWhatSaysNothing) {
  EXPECT_EQ(Number("4.50"), "4.50");
  for (const char* nothing : {"", "NULL", "NaN", "None", "\\N", "NA"})
    EXPECT_EQ(Number(nothing), "");
  EXPECT_EQ(Number("good"), "rating is not a finite number: \"good\"");
}

TEST(AppendTimeCell, MakesUnixSecondsOfText) {
  EXPECT_EQ(Time("1588687728923"), "1588687728923");
  EXPECT_EQ(Time("2005-04-02 23:53:47"), "1112486027");
  EXPECT_EQ(Time("2014-04-07T10:51:09.277Z"), "1396867869.277");
  EXPECT_EQ(Time("NULL"), "");
  EXPECT_EQ(Time("yesterday"), "time is neither a number nor a date: \"yesterday\"");
}

TEST(AppendTimeCell, ReadsDigitsAsDatesWhereTheyAreDeclared) {
  EXPECT_EQ(Time("20190101"), "20190101");
  EXPECT_EQ(Time("20190101", true), "1546300800");
  EXPECT_EQ(Time("2019-01-01", true), "1546300800");
  EXPECT_THAT(Time("20190199", true), HasSubstr("time is no date: \"20190199\""));
}

TEST(AppendIdCell, ChecksTheId) {
  std::string line;
  EXPECT_FALSE(AppendIdCell("", "user", line).ok());
  EXPECT_FALSE(AppendIdCell(std::string(257, 'x'), "user", line).ok());
  EXPECT_TRUE(AppendIdCell("a\tb", "user", line).ok());
  EXPECT_EQ(line, "a b");
}

}  // namespace
}  // namespace shortlist
