#include "data/interactions/time_column.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kUnknown = TimeColumn::kUnknown;
constexpr double kNewYear = 1546300800000;  // 2019-01-01, a Tuesday.

TimeColumn Read(const std::vector<std::string>& cells, TimeUnit declared = TimeUnit::kRecognised) {
  TimeColumn times;
  for (const std::string& cell : cells) EXPECT_TRUE(times.Add(cell, "timestamp").ok()) << cell;
  times.Recognise(declared);
  return times;
}

std::vector<double> Values(const TimeColumn& times) {
  std::vector<double> values;
  for (size_t row = 0; row < times.size(); ++row) values.push_back(times[row]);
  return values;
}

TEST(ParseDate, ReadsDaysAndTimesOfDay) {
  for (const char* text :
       {"2019-01-01", "2019/1/1", "2019-01-01 00:00", "2019-01-01T00:00:00", "2019-01-01 00:00:00Z",
        "2019-01-01 00:00:00.000 UTC", "2019-01-01T02:00:00+02:00", "2018-12-31T19:30:00-0430"})
    EXPECT_EQ(ParseDate(text), static_cast<int64_t>(kNewYear)) << text;
  EXPECT_EQ(ParseDate("2019-01-01 00:00:01.2345"), static_cast<int64_t>(kNewYear) + 1235);
  EXPECT_EQ(ParseDate("1969-12-31"), -86'400'000);
  EXPECT_TRUE(ParseDate("2020-02-29").has_value());
}

TEST(ParseDate, ReadsNothingElse) {
  for (const char* text :
       {"", "2019", "2019-13-01", "2019-02-29", "2019-01/01", "01-01-2019", "2019-01-01 24:00",
        "2019-01-01 12", "2019-01-01 12:60", "2019-01-01x", "2019-01-01 12:00:00.", "0019-01-01",
        "2019-01-01 12:00 CET", "2019-01-01 12:00+2", "yesterday"})
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
}

TEST(TimeColumnTest, RecognisesUnitsRowByRow) {
  const TimeColumn times = Read({"1546300800", "1546300800.5", "1546300800000", "1546300800000000",
                                 "1546300800000000000", "1.5463008e+09", "20190101", "201901010000",
                                 "20190101000000", "2019-01-01", "2019-01-01 00:00:00"});
  EXPECT_THAT(Values(times),
              ElementsAre(kNewYear, kNewYear + 500, kNewYear, kNewYear, kNewYear, kNewYear,
                          kNewYear, kNewYear, kNewYear, kNewYear, kNewYear));
  EXPECT_FALSE(times.is_order());
  EXPECT_EQ(times.Describe(),
            "seconds (27.3 %), milliseconds (9.1 %), microseconds (9.1 %), nanoseconds (9.1 %), "
            "dates (45.5 %)");
  EXPECT_EQ(Read({"1546300800"}).Describe(), "seconds");
}

TEST(TimeColumnTest, TellsHoursOfADateFromSecondsByWhatMostAre) {
  EXPECT_THAT(Values(Read({"2019010100", "2019010101"})),
              ElementsAre(kNewYear, kNewYear + 3'600'000));
  // Seconds of 2033, of which one happens to look like a date.
  EXPECT_THAT(Values(Read({"2019010100", "2019910101", "1546300800"})),
              ElementsAre(2019010100000, 2019910101000, kNewYear));
}

TEST(TimeColumnTest, TakesSmallNumbersForAnOrderUnlessTheyAreDays) {
  const TimeColumn order = Read({"7", "3", "0", "-1", ""});
  EXPECT_TRUE(order.is_order());
  EXPECT_THAT(Values(order), ElementsAre(8000, 4000, 1000, kUnknown, kUnknown));
  EXPECT_THAT(Values(Read({"7", "3"})), ElementsAre(7000, 3000));
  EXPECT_THAT(Values(Read({"-2", "-1", "0"})), ElementsAre(1000, 2000, 3000));
  EXPECT_THAT(Values(Read({"20190101", "20190102"})), ElementsAre(kNewYear, kNewYear + 86'400'000));
  EXPECT_TRUE(Read({"20190101", "7", "8"}).is_order());
}

TEST(TimeColumnTest, DoesNotKnowEmptyCellsZeroAndMinusOne) {
  const TimeColumn times = Read({"", "0", "-1", "-1.0", "0.0", "1546300800", "1970-01-01"});
  EXPECT_THAT(Values(times),
              ElementsAre(kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kNewYear, kUnknown));
  EXPECT_EQ(times.unknown(), 6U);
  EXPECT_EQ(times.known(), 1U);
  EXPECT_EQ(Read({"0", "0", "-1"}).known(), 0U);  // No order, either.
}

TEST(TimeColumnTest, CountsWhatFitsNoUnit) {
  const TimeColumn times = Read({"1546300800", "7", "20191399120000", "5e9", "-5", "1e30"});
  EXPECT_EQ(times.unfit(), 5U);
  EXPECT_TRUE(times.IsFirstUnfit("7"));
  EXPECT_TRUE(times.IsFirstUnfit("7.0"));
  EXPECT_FALSE(times.IsFirstUnfit("1546300800"));
  EXPECT_TRUE(std::isnan(times[1]));
  EXPECT_EQ(times[0], kNewYear);
}

TEST(TimeColumnTest, RefusesWhatIsNeitherNumberNorDate) {
  TimeColumn times;
  EXPECT_THAT(std::string(times.Add("yesterday", "at").message()),
              HasSubstr("at is neither a finite number nor a date"));
  EXPECT_FALSE(times.Add("inf", "at").ok());
  EXPECT_EQ(times.size(), 0U);
}

TEST(TimeColumnTest, TakesADeclaredUnitAtItsWord) {
  EXPECT_THAT(Values(Read({"7", "0"}, TimeUnit::kSeconds)), ElementsAre(7000, kUnknown));
  EXPECT_THAT(Values(Read({"1546300800000"}, TimeUnit::kMicroseconds)), ElementsAre(1546300800));
  EXPECT_THAT(Values(Read({"1546300800", "-1"}, TimeUnit::kOrder)),
              ElementsAre((1546300800 + 2.0) * 1000, 1000));
  EXPECT_THAT(Values(Read({"2019010101"}, TimeUnit::kCalendar)), ElementsAre(kNewYear + 3'600'000));
  EXPECT_EQ(Read({"1546300800"}, TimeUnit::kCalendar).unfit(), 1U);
  EXPECT_EQ(Read({"2019-01-01", "3"}, TimeUnit::kOrder).unfit(), 1U);
}

TEST(TimeColumnTest, NamesARangeThatIsNotPlausible) {
  const auto now = static_cast<int64_t>(kNewYear);
  EXPECT_EQ(Read({"1546300800", "1566300800", "0"}).ImplausibleAt(now), "");
  EXPECT_EQ(Read({"1546300800", "1596300800"}).ImplausibleAt(now),
            "50.0 % of the times are more than a year from now");
  EXPECT_EQ(Read({"546300800"}).ImplausibleAt(now), "100.0 % of the times are before 1990");
  EXPECT_EQ(Read({"1", "2"}).ImplausibleAt(now), "");
}

}  // namespace
}  // namespace shortlist
