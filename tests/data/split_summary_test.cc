#include "data/split_summary.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

// One user's items, in order, at times 1, 2, ...
Dataset With(const std::vector<std::vector<ItemRow>>& items_of_users) {
  Dataset dataset{.has_times = true};
  dataset.items.ids.resize(10);
  for (uint32_t user = 0; user < items_of_users.size(); ++user) {
    dataset.user_ids.emplace_back(1, static_cast<char>('a' + user));
    int64_t time = 0;
    for (ItemRow item : items_of_users[user])
      dataset.interactions.push_back({.user = user, .item = item, .time_ms = ++time, .value = 0});
  }
  return dataset;
}

SplitSummary Summary(const Dataset& dataset) {
  return Summarise(dataset, *Split(dataset, SplitKind::kLeaveOneOut));
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(SplitSummary, CountsPartsRepeatsAndTestedUsers) {
  const SplitSummary summary =
      Summary(With({{1, 2, 3, 4}, {1, 2, 1, 2}, {1, 2, 3, 3}, {5, 6}, {}}));
  EXPECT_EQ(summary.users, 4U);
  EXPECT_EQ(summary.train, 8U);
  EXPECT_EQ(summary.valid, 3U);
  EXPECT_EQ(summary.test, 3U);
  EXPECT_EQ(summary.valid_repeats, 1U);
  EXPECT_EQ(summary.test_repeats, 2U);
  EXPECT_EQ(summary.test_users, 1U);
  EXPECT_TRUE(CheckTestable(summary).ok());
  EXPECT_TRUE(CheckRankable(summary).ok());
  EXPECT_THAT(Describe(summary), HasSubstr("tested on 1 of 4 users"));
}

TEST(SplitSummary, CountsCutsWithinTies) {
  Dataset dataset = With({{1, 2, 3, 4}, {1, 2, 3, 4}});
  EXPECT_EQ(Summary(dataset).cuts, 2U);
  EXPECT_EQ(Summary(dataset).cuts_in_ties, 0U);
  dataset.interactions[3].time_ms = dataset.interactions[2].time_ms;
  EXPECT_EQ(Summary(dataset).cuts_in_ties, 1U);
  EXPECT_THAT(Describe(Summary(dataset)), HasSubstr("50.0 % of the tests begin between two"));
  dataset.has_times = false;
  EXPECT_EQ(Summary(dataset).cuts, 0U);
}

TEST(SplitSummary, RefusesWhatNothingCouldBeLearnedFromOrMeasuredOn) {
  const SplitSummary too_few = Summary(With({{1, 2}, {3}}));
  EXPECT_THAT(Message(CheckTestable(too_few)),
              HasSubstr("nothing to test on: the test part is empty; users need three"));
  EXPECT_FALSE(CheckRankable(too_few).ok());
  const SplitSummary repeats = Summary(With({{1, 1, 1, 1}}));
  EXPECT_THAT(Message(CheckTestable(repeats)),
              HasSubstr("all 1 interactions of the test part are"));
  EXPECT_THAT(Message(CheckRankable(repeats)),
              HasSubstr("train the ranker on: all 1 interactions"));
  EXPECT_THAT(Message(CheckTestable({.users = 1, .test = 1, .test_users = 1})),
              HasSubstr("nothing to train on"));
}

}  // namespace
}  // namespace shortlist
