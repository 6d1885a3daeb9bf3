#include "common/text/counts.h"

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(Counts, AreGroupedByThousands) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1'000), "1,000");
  EXPECT_EQ(Grouped(1'234'567), "1,234,567");
  EXPECT_EQ(Rows(1), "1 row");
  EXPECT_EQ(Rows(123'456), "123,456 rows");
  EXPECT_EQ(WithShare(1'234, 10'000), "1,234 (12.3 %)");
  EXPECT_EQ(WithShare(5, 5), "5 (100.0 %)");
  EXPECT_EQ(WithShare(0, 0), "0");
}

TEST(Counts, AreSharesToATenthOfAPercent) {
  EXPECT_EQ(Percent(1, 40), "2.5 %");
  EXPECT_EQ(Percent(0, 0), "0.0 %");
}

}  // namespace
}  // namespace shortlist
