#include "data/importing/date_text.h"

#include "gtest/gtest.h"

namespace shortlist {
namespace {

std::string Date(std::string_view text) {
  std::string line = "x ";
  return AppendDate(text, line) ? line.substr(2) : "none" + line.substr(2);
}

TEST(AppendDate, KeepsDatesThatBeginWithTheYear) {
  for (const char* text :
       {"1970-01-02", "2010-10-19T23:55:27Z", "2005/04/02 23:53", "2014-04-07T10:51:09.277Z",
        "2005-04-03T01:53:47+02:00", "2005-04-02 18:53:47 -0500", "1969-12-31 23:59:59"})
    EXPECT_EQ(Date(text), text);
}

TEST(AppendDate, TurnsAmericanDatesWithAmOrPm) {
  EXPECT_EQ(Date("11/5/2019 8:55:22 AM"), "2019-11-05 08:55:22");
  EXPECT_EQ(Date("11/15/2019 12:00:00 AM"), "2019-11-15 00:00:00");
  EXPECT_EQ(Date("11/15/2019 12:00 PM"), "2019-11-15 12:00");
}

TEST(AppendDate, RefusesWhatIsNoDateOrCouldBeTwo) {
  for (const char* text : {"", "x", "2019-02-30", "2019-13-01", "19-01-31", "2019-1", "2019-01-31x",
                           "2019-01-31 25:00", "2019-01-31 10:61", "2019-01-31 10", "11/15/2019",
                           "11/15/2019 8:55:22", "1/2/2019 0:00:00 AM", "13/11/2019 8:55:22 AM",
                           "2019-01-31T10:00:00+2", "20190131", "2019-01/31"})
    EXPECT_EQ(Date(text), "none");
}

}  // namespace
}  // namespace shortlist
