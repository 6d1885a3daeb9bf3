#include "features/context_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using testing::ElementsAre;

std::string_view Value(size_t field, int64_t time_ms) {
  return kTimeFields[field].values[TimeFieldValues(time_ms)[field]];
}

TEST(ContextTime, DaypartsAreSixHoursOfTheUtcDay) {
  const int64_t midnight = 881'280'000'000;  // 1997-12-05 00:00 UTC, a Friday.
  const int64_t hour = 3'600'000;
  EXPECT_EQ(Value(0, midnight), "night");
  EXPECT_EQ(Value(0, midnight + 6 * hour - 1), "night");
  EXPECT_EQ(Value(0, midnight + 6 * hour), "morning");
  EXPECT_EQ(Value(0, midnight + 12 * hour), "afternoon");
  EXPECT_EQ(Value(0, midnight + 24 * hour - 1), "evening");
}

TEST(ContextTime, WeekdaysFollowTheCalendarBeforeTheEpochToo) {
  EXPECT_EQ(Value(1, 881'280'000'000), "Fri");
  EXPECT_EQ(Value(1, 881'280'000'000 - 1), "Thu");
  EXPECT_EQ(Value(1, 0), "Thu");
  EXPECT_EQ(Value(1, -1), "Wed");
  EXPECT_EQ(Value(0, -1), "evening");
}

TEST(ContextTime, FollowsTheClocksOfATimeZoneInSummerAndWinter) {
  const absl::TimeZone berlin = *ParseTimeZone("Europe/Berlin");
  const int64_t hour = 3'600'000;
  const int64_t summer = 1'625'090'400'000;  // 2021-06-30 22:00 UTC, a Wednesday.
  EXPECT_THAT(TimeFieldValues(summer, berlin), ElementsAre(0, 3));
  EXPECT_THAT(TimeFieldValues(summer - 1, berlin), ElementsAre(3, 2));
  const int64_t winter = 1'640'991'600'000;  // 2021-12-31 23:00 UTC, a Friday.
  EXPECT_THAT(TimeFieldValues(winter, berlin), ElementsAre(0, 5));
  EXPECT_THAT(TimeFieldValues(winter - hour, berlin), ElementsAre(3, 4));
}

TEST(ContextTime, OffsetsAreHoursAndMinutesEastOfUtc) {
  EXPECT_THAT(TimeFieldValues(0, *ParseTimeZone("+05:45")), ElementsAre(0, 3));
  EXPECT_THAT(TimeFieldValues(0, *ParseTimeZone("+06:00")), ElementsAre(1, 3));
  EXPECT_THAT(TimeFieldValues(0, *ParseTimeZone("-00:30")), ElementsAre(3, 2));
  EXPECT_EQ(*ParseTimeZone("+14:00"), absl::FixedTimeZone(14 * 3600));
  EXPECT_EQ(*ParseTimeZone("-03:30"), absl::FixedTimeZone(-12'600));
}

TEST(ContextTime, ReadsNoTimeZoneFromWhatIsNone) {
  for (const char* zone : {"UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires", "NZ-CHAT"})
    EXPECT_TRUE(ParseTimeZone(zone)) << zone;
  // Among them what LoadTimeZone would take: files elsewhere, the zone of this machine.
  for (const char* zone : {"",
                           "europe/berlin",
                           "Europe",
                           "Europe/",
                           "Europe/Atlantis",
                           "localtime",
                           "tzdata.zi",
                           "../zoneinfo/UTC",
                           "/usr/share/zoneinfo/UTC",
                           "file:UTC",
                           "Fixed/UTC+02:00:00",
                           "+2:00",
                           "+02",
                           "+0200",
                           "+02:60",
                           "+14:01",
                           "-99:00",
                           "+a2:00",
                           "+02:00x",
                           "+"})
    EXPECT_FALSE(ParseTimeZone(zone)) << zone;
}

TEST(ContextTime, TheContextsTimeZoneComesBeforeTheUsersAndUtcIsTheLast) {
  RequestContext context;
  UserState user;
  EXPECT_EQ(TimeZoneOf(context, user), absl::UTCTimeZone());
  user.attributes = {{.name = "city", .values = {"+01:00"}},
                     {.name = "time_zone", .values = {"Atlantis", "+02:00"}}};
  EXPECT_EQ(TimeZoneOf(context, user), absl::FixedTimeZone(7'200));
  context.time_zone = "+03:00";
  EXPECT_EQ(TimeZoneOf(context, user), absl::FixedTimeZone(10'800));
}

}  // namespace
}  // namespace shortlist
