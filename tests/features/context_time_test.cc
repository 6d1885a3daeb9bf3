#include "features/context_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

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

}  // namespace
}  // namespace shortlist
