#include "retrieval/sources/trending_items.h"

#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kNow = 1'700'000'000'000;
constexpr int64_t kHour = 3'600'000;

TEST(TrendingItems, CountsHalfAfterEveryHalfLife) {
  TrendingItems trending(absl::Hours(1));
  EXPECT_THAT(*trending.Latest(), IsEmpty());
  // 4 events three hours ago are half an event; two an hour ago are one.
  for (int i = 0; i < 4; ++i) trending.Add("often", kNow - 3 * kHour, 1);
  trending.Add("lately", kNow, 0.9F);
  for (int i = 0; i < 2; ++i) trending.Add("best", kNow - kHour, 1);
  EXPECT_THAT(*trending.Latest(), IsEmpty());
  trending.Publish();
  EXPECT_THAT(*trending.Latest(), ElementsAre("best", "lately", "often"));
  // Whatever the order of the events.
  trending.Add("often", kNow - 2 * kHour, 2);
  trending.Publish();
  EXPECT_THAT(*trending.Latest(), ElementsAre("best", "often", "lately"));
}

TEST(TrendingItems, EqualOnesComeInTheOrderOfTheirIds) {
  TrendingItems trending(absl::Hours(1));
  for (const char* id : {"b", "c", "a"}) trending.Add(id, kNow, 1);
  trending.Publish();
  EXPECT_THAT(*trending.Latest(), ElementsAre("a", "b", "c"));
}

TEST(TrendingItems, GoesOnForEverAndDropsWhatCountsNoMore) {
  TrendingItems trending(absl::Hours(1));
  for (int hour = 0; hour < 5'000; ++hour)
    trending.Add(absl::StrCat("item", hour), kNow + hour * kHour, 1);
  trending.Add("ages ago", kNow, 1'000);
  trending.Publish();
  const auto latest = trending.Latest();
  ASSERT_GE(latest->size(), 10u);
  EXPECT_LE(latest->size(), 40u);
  EXPECT_EQ(latest->at(0), "item4999");
  EXPECT_EQ(latest->at(9), "item4990");
}

}  // namespace
}  // namespace shortlist
