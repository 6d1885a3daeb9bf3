#include "data/tables/cell_numbers.h"

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(NumberOf, ReadsNumbersAndFlags) {
  EXPECT_EQ(NumberOf("1.5"), 1.5);
  EXPECT_EQ(NumberOf(" 5 "), 5);
  EXPECT_EQ(NumberOf("True"), 1);
  EXPECT_EQ(NumberOf("FALSE"), 0);
  for (const char* cell : {"", "nan", "inf", "yes", "5 stars"})
    EXPECT_EQ(NumberOf(cell), std::nullopt) << cell;
}

TEST(SayTheSame, ComparesAsTextOrAsNumbers) {
  EXPECT_TRUE(SayTheSame("buy", "buy"));
  EXPECT_TRUE(SayTheSame("-1", "-1.0"));
  EXPECT_TRUE(SayTheSame("true", "1"));
  EXPECT_FALSE(SayTheSame("buy", "Buy"));
  EXPECT_FALSE(SayTheSame("1", "2"));
  EXPECT_FALSE(SayTheSame("1", "x"));
}

}  // namespace
}  // namespace shortlist
