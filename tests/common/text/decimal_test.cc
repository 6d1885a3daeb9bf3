#include "common/text/decimal.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(ParseDecimal, TakesFiniteNumbersAndNothingElse) {
  EXPECT_EQ(ParseDecimal("20240229"), 20240229);
  EXPECT_EQ(ParseDecimal("-1e3"), -1000);
  EXPECT_EQ(ParseDecimal(" 3.5 "), 3.5);
  EXPECT_EQ(ParseDecimal("1e300"), 1e300);
  for (const char* text : {"", " ", "nan", "inf", "1e999", "0x10", "1,5", "1 2", "—", "+1"})
    EXPECT_EQ(ParseDecimal(text), std::nullopt) << text;
}

TEST(FormatDecimal, WritesNoExponentWhereDigitsWillDo) {
  EXPECT_EQ(FormatDecimal(1709164800), "1709164800");
  EXPECT_EQ(FormatDecimal(20240229), "20240229");
  EXPECT_EQ(FormatDecimal(1709164800123.0), "1709164800123");
  EXPECT_EQ(FormatDecimal(0.1), "0.1");
  EXPECT_EQ(FormatDecimal(-2.5), "-2.5");
  EXPECT_EQ(FormatDecimal(0), "0");
  EXPECT_EQ(FormatDecimal(1e20), "100000000000000000000");
  EXPECT_EQ(FormatDecimal(1e300), "1e+300");
}

TEST(FormatDecimal, ReadsBackTheSame) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const uint64_t bits = random();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    if (!std::isfinite(number)) continue;
    ASSERT_EQ(ParseDecimal(FormatDecimal(number)), number) << number;
  }
  for (const double number :
       {std::numeric_limits<double>::max(), 5e-324, 1.0 / 3, 9007199254740993.0})
    EXPECT_EQ(ParseDecimal(FormatDecimal(number)), number);
}

}  // namespace
}  // namespace shortlist
