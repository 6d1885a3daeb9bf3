#include "data/importing/date_text.h"

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(ReadDateText, ReadsDatesThatBeginWithTheYear) {
  EXPECT_EQ(ReadDateText("1970-01-02"), 86400);
  EXPECT_EQ(ReadDateText("2010-10-19T23:55:27Z"), 1287532527);
  EXPECT_EQ(ReadDateText("2005-04-02 23:53:47"), 1112486027);
  EXPECT_EQ(ReadDateText("2005/04/02 23:53"), 1112485980);
  EXPECT_EQ(ReadDateText("2014-04-07T10:51:09.277Z"), 1396867869.277);
  EXPECT_EQ(ReadDateText("2005-04-02 23:53:47 UTC"), 1112486027);
  EXPECT_EQ(ReadDateText("2005-04-03T01:53:47+02:00"), 1112486027);
  EXPECT_EQ(ReadDateText("2005-04-02 18:53:47 -0500"), 1112486027);
  EXPECT_EQ(ReadDateText("1969-12-31 23:59:59"), -1);
}

TEST(ReadDateText, ReadsAmericanDatesWithAmOrPm) {
  EXPECT_EQ(ReadDateText("11/15/2019 8:55:22 AM"), 1573808122);
  EXPECT_EQ(ReadDateText("11/15/2019 12:00:00 AM"), 1573776000);
  EXPECT_EQ(ReadDateText("11/15/2019 12:00:00 PM"), 1573776000 + 43200);
}

TEST(ReadDateText, RefusesWhatIsNoDateOrCouldBeTwo) {
  for (const char* text : {"", "x", "2019-02-30", "2019-13-01", "19-01-31", "2019-1", "2019-01-31x",
                           "2019-01-31 25:00", "2019-01-31 10:61", "2019-01-31 10", "11/15/2019",
                           "11/15/2019 8:55:22", "1/2/2019 0:00:00 AM", "13/11/2019 8:55:22 AM",
                           "2019-01-31T10:00:00+2", "20190131", "2019-01/31"})
    EXPECT_FALSE(ReadDateText(text)) << text;
}

TEST(ReadDateDigits, ReadsEightAndFourteenDigits) {
  EXPECT_EQ(ReadDateDigits("20190101"), 1546300800);
  EXPECT_EQ(ReadDateDigits("20190101120000"), 1546344000);
  for (const char* text : {"", "20190132", "2019010112", "2019010112000x", "20190101250000"})
    EXPECT_FALSE(ReadDateDigits(text)) << text;
}

}  // namespace
}  // namespace shortlist
