#include "serving/events/trending_follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "state/state_stores.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TrendingFollowerTest : public testing::Test {
 protected:
  // What was done on which day.
  void Record(const std::string& item, int day, v1::EventType type = v1::EVENT_TYPE_CLICK,
              int times = 1) {
    std::vector<v1::LogEntry> entries;
    for (; times > 0; --times) {
      v1::Event& event = *entries.emplace_back().mutable_event();
      event.set_event_id(std::to_string(++events_));
      event.set_user_id("u");
      event.set_item_id(item);
      event.set_type(type);
      event.set_time_ms(absl::ToUnixMillis(DayOf(day)));
    }
    EXPECT_TRUE(store_->Append(entries).ok());
  }
  static absl::Time DayOf(int day) {
    return absl::FromUnixSeconds(1'700'000'000) + absl::Hours(24 * day);
  }
  TrendingFollower MakeFollower() { return {*store_, EventWorth(), trending_, clock_}; }

  const TemporaryFolder folder_;
  const std::unique_ptr<StateStore> store_ =
      OpenStateStore(folder_ / "state.db", StateProjection(), IfMissing::kCreate).value();
  absl::Time now_ = DayOf(100);
  const Clock clock_ = [this] { return now_; };
  TrendingItems trending_{absl::Hours(24)};
  int events_ = 0;
};

TEST_F(TrendingFollowerTest, CountsWhatIsWorthSomethingAndReadsItOnce) {
  TrendingFollower follower = MakeFollower();
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_THAT(*trending_.Latest(), IsEmpty());
  Record("a", 100);
  Record("b", 100, v1::EVENT_TYPE_PURCHASE, 2);
  Record("c", 100, v1::EVENT_TYPE_IMPRESSION, 5);
  Record("d", 100, v1::EVENT_TYPE_DISLIKE, 5);
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_THAT(*trending_.Latest(), ElementsAre("b", "a"));
  ASSERT_TRUE(follower.CatchUp().ok());
  Record("a", 100, v1::EVENT_TYPE_CLICK, 2);
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_THAT(*trending_.Latest(), ElementsAre("a", "b"));
}

TEST_F(TrendingFollowerTest, BeginsWhereTheLogHasWhatStillCounts) {
  // Of 800 entries, twenty a day, the last 200 count.
  for (int day = 61; day <= 100; ++day)
    Record("day " + std::to_string(day), day, v1::EVENT_TYPE_CLICK, 20);
  TrendingFollower follower = MakeFollower();
  ASSERT_TRUE(follower.CatchUp().ok());
  const auto latest = trending_.Latest();
  ASSERT_EQ(latest->size(), 11u);
  EXPECT_EQ(latest->front(), "day 100");
  EXPECT_EQ(latest->back(), "day 90");
}

TEST_F(TrendingFollowerTest, AnEventOfTheFutureCountsLikeOneOfNow) {
  Record("a", 100, v1::EVENT_TYPE_CLICK, 2);
  Record("b", 104);
  TrendingFollower follower = MakeFollower();
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_THAT(*trending_.Latest(), ElementsAre("a", "b"));
}

TEST_F(TrendingFollowerTest, ALogOfNothingButOldEventsIsReadFromItsEnd) {
  Record("old", 1, v1::EVENT_TYPE_CLICK, 300);
  TrendingFollower follower = MakeFollower();
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_THAT(*trending_.Latest(), IsEmpty());
  Record("new", 100);
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_THAT(*trending_.Latest(), ElementsAre("new"));
}

TEST_F(TrendingFollowerTest, FollowsByItself) {
  TrendingFollower follower = MakeFollower();
  follower.Start(absl::Milliseconds(1));
  Record("a", 100);
  for (const absl::Time end = absl::Now() + absl::Seconds(60); absl::Now() < end;)
    if (!trending_.Latest()->empty()) break;
  EXPECT_THAT(*trending_.Latest(), ElementsAre("a"));
}

}  // namespace
}  // namespace shortlist
