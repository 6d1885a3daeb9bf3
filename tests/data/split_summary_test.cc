#include "data/split_summary.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::HasSubstr;

struct Row {
  ItemRow item;
  int64_t time;
};

Dataset WithRows(const std::vector<std::vector<Row>>& rows_of, bool has_times = true) {
  Dataset dataset;
  dataset.has_times = has_times;
  for (uint32_t user = 0; user < rows_of.size(); ++user) {
    dataset.user_ids.push_back(std::to_string(user));
    for (const Row& row : rows_of[user])
      dataset.interactions.push_back(
          {.user = user, .item = row.item, .time_ms = row.time, .value = 0});
  }
  return dataset;
}

SplitSummary LeaveOneOut(const Dataset& dataset) {
  return SummariseSplit(dataset, Split(dataset, SplitKind::kLeaveOneOut).value());
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(SummariseSplit, CountsTiesAndCutsWithinThem) {
  const SplitSummary summary = LeaveOneOut(WithRows({
      {{1, 10}, {2, 10}, {3, 20}, {4, 30}},  // A tie, no cut in it.
      {{1, 10}, {2, 20}, {3, 20}, {4, 30}},  // Between training and validation.
      {{1, 10}, {2, 20}, {3, 30}, {4, 30}},  // Between validation and test.
      {{1, 10}, {2, 10}, {3, 10}, {4, 10}},  // Both, of one user.
      {{1, 10}, {2, 20}, {3, 30}},           // The times of others are no ties.
      {{1, 10}, {2, 10}},                    // Nothing is cut off.
  }));
  EXPECT_EQ(summary.interactions, 21u);
  EXPECT_EQ(summary.tied_interactions, 2u + 2 + 2 + 4 + 2);
  EXPECT_EQ(summary.cut_users, 5u);
  EXPECT_EQ(summary.users_cut_within_tie, 3u);
}

TEST(SummariseSplit, ATimeThatIsNotKnownIsNoTie) {
  const SplitSummary summary = LeaveOneOut(WithRows({{{1, 0}, {2, 0}, {3, 0}, {4, 30}}}));
  EXPECT_EQ(summary.interactions, 4u);
  EXPECT_EQ(summary.tied_interactions, 0u);
  EXPECT_EQ(summary.users_cut_within_tie, 0u);
}

TEST(SummariseSplit, CountsWhatIsNotTested) {
  const SplitSummary summary = LeaveOneOut(WithRows({
      {{1, 1}, {2, 2}, {3, 3}},  // Tested.
      {{1, 1}, {2, 2}, {1, 3}},  // A repeat alone.
      {{1, 1}, {2, 2}},          // Too few.
      {},                        // None at all.
  }));
  EXPECT_EQ(summary.users, 4u);
  EXPECT_EQ(summary.test_users, 1u);
  EXPECT_EQ(summary.users_with_repeats_only, 1u);
  EXPECT_EQ(summary.users_without_test, 2u);
  EXPECT_EQ(summary.test_interactions, 2u);
  EXPECT_EQ(summary.test_repeats, 1u);
  EXPECT_EQ(summary.train_interactions, 4u);
  EXPECT_EQ(summary.valid_interactions, 2u);
  EXPECT_EQ(summary.valid_repeats, 0u);
  EXPECT_TRUE(CheckTestable(summary).ok());
  EXPECT_TRUE(CheckRankable(summary).ok());
}

TEST(SummariseSplit, AnItemTwiceInTheTestIsARepeatToo) {
  const Dataset dataset = WithRows({{{1, 1}, {2, 2}, {3, 3}, {3, 4}, {4, 5}}});
  const UserSequence sequence{.begin = 0, .train_end = 1, .valid_end = 2, .end = 5};
  const SplitSummary summary = SummariseSplit(dataset, {&sequence, 1});
  EXPECT_EQ(summary.test_interactions, 3u);
  EXPECT_EQ(summary.test_repeats, 1u);
}

TEST(SummariseSplit, WithoutTimesThereAreNoTies) {
  const SplitSummary summary =
      LeaveOneOut(WithRows({{{1, 0}, {2, 0}, {3, 0}}}, /*has_times=*/false));
  EXPECT_EQ(summary.tied_interactions, 0u);
  EXPECT_EQ(summary.users_cut_within_tie, 0u);
  EXPECT_THAT(FormatSplitSummary(summary), HasSubstr("there are no times"));
  EXPECT_THAT(SplitCaption(summary), HasSubstr("no times"));
}

TEST(SplitSummary, IsPrintedInSharesAndNumbers) {
  const SplitSummary summary{.users = 10,
                             .test_users = 8,
                             .users_without_test = 1,
                             .users_with_repeats_only = 1,
                             .test_interactions = 40,
                             .test_repeats = 3,
                             .has_times = true,
                             .interactions = 200,
                             .tied_interactions = 50,
                             .cut_users = 9,
                             .users_cut_within_tie = 3};
  EXPECT_EQ(SplitCaption(summary),
            "8 test users, 3 of 40 test rows dropped, 25.0 % of rows tied in time, 33.3 % of users "
            "cut within a tie");
  const std::string text = FormatSplitSummary(summary);
  EXPECT_THAT(text, HasSubstr("40 interactions, of which 3 are dropped"));
  EXPECT_THAT(text, HasSubstr("1 users without a test part, 1 with repeats alone"));
  EXPECT_THAT(text, HasSubstr("for 3 of 9 users (33.3 %)"));
}

TEST(SplitSummary, RefusesWhatNothingCouldBeLearnedFromOrMeasuredOn) {
  const SplitSummary too_few = LeaveOneOut(WithRows({{{1, 1}, {2, 2}}, {{3, 1}}}));
  EXPECT_THAT(Message(CheckTestable(too_few)),
              HasSubstr("nothing to test on: the test part is empty; users need three"));
  EXPECT_FALSE(CheckRankable(too_few).ok());
  const SplitSummary repeats = LeaveOneOut(WithRows({{{1, 1}, {1, 2}, {1, 3}, {1, 4}}}));
  EXPECT_THAT(Message(CheckTestable(repeats)),
              HasSubstr("all 1 interactions of the test part are"));
  EXPECT_THAT(Message(CheckRankable(repeats)),
              HasSubstr("train the ranker on: all 1 interactions"));
  EXPECT_THAT(Message(CheckTestable({.users = 1, .test_users = 1, .test_interactions = 1})),
              HasSubstr("nothing to train on"));
}

}  // namespace
}  // namespace shortlist
