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

std::string Time(std::string_view cell) {
  std::string line;
  const absl::Status status = AppendTimeCell(cell, "time", line);
  return status.ok() ? line : std::string(status.message());
}

TEST(IsNumber, KnowsDecimalsOnly) {
  for (const char* cell : {"1", "-1", "0.5", ".5", "1e3", "1588687728923", "12345678901234567890"})
    EXPECT_TRUE(IsNumber(cell)) << cell;
  for (const char* cell :
       {"", "x", "1x", "1 2", "nan", "inf", "0x10", "1,5", ".", "1.2.3", "1e999"})
    EXPECT_FALSE(IsNumber(cell)) << cell;
}

TEST(AppendNumberCell, KeepsNumbersAsTheyAreAndEmptiesWhatSaysNothing) {
  EXPECT_EQ(Number("4.50"), "4.50");
  EXPECT_EQ(Number(" 5 "), "5");
  EXPECT_EQ(Number("True"), "1");
  EXPECT_EQ(Number("false"), "0");
  for (const char* nothing : {"", "NULL", "NaN", "None", "\\N", "NA", "—", "-", "unknown"})
    EXPECT_EQ(Number(nothing), "");
  EXPECT_EQ(Number("good"), "rating is not a finite number: \"good\"");
}

TEST(AppendTimeCell, KeepsNumbersAndDates) {
  for (const char* time : {"1588687728923", "20190101", "2005-04-02 23:53:47"})
    EXPECT_EQ(Time(time), time);
  EXPECT_EQ(Time("4/2/2005 11:53:47 PM"), "2005-04-02 23:53:47");
  EXPECT_EQ(Time("NULL"), "");
  EXPECT_EQ(Time("—"), "");
  EXPECT_EQ(Time("yesterday"), "time is neither a number nor a date: \"yesterday\"");
}

TEST(AppendIdCell, ChecksTheId) {
  std::string line;
  EXPECT_FALSE(AppendIdCell("", "user", line).ok());
  EXPECT_FALSE(AppendIdCell(std::string(257, 'x'), "user", line).ok());
  for (const char* id : {"a\tb", "a\nb", "a\r"})
    EXPECT_THAT(std::string(AppendIdCell(id, "user", line).message()),
                HasSubstr("user holds a tab or a line end"));
  EXPECT_EQ(line, "");
  EXPECT_TRUE(AppendIdCell("a b", "user", line).ok());
  EXPECT_EQ(line, "a b");
}

}  // namespace
}  // namespace shortlist
