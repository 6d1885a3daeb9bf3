#include "data/dataset_summary.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(DatasetSummary, SaysNothingOfWhatThereIsNot) {
  EXPECT_THAT(Describe({.rows = 5,
                        .interactions = 5,
                        .users = 1,
                        .time = "timestamp, seconds",
                        .worth = "every interaction is worth 1 (5 rows)"}),
              ElementsAre("time: timestamp, seconds", "every interaction is worth 1 (5 rows)"));
}

TEST(DatasetSummary, SaysWhatWasLeftOutAndWhy) {
  const auto lines = Describe({.rows = 2'000,
                               .bad_rows = 1,
                               .out_of_range = 20,
                               .worth_nothing = 300,
                               .later_or_earlier = 4,
                               .rare = 50,
                               .rare_users = 6,
                               .rare_items = 7,
                               .interactions = 1'000,
                               .repeats = 5,
                               .unknown_times = 100,
                               .refused = 500,
                               .users = 100,
                               .users_below_3 = 40,
                               .users_of_repeats = 3,
                               .time = "t",
                               .worth = "w"});
  EXPECT_THAT(
      lines,
      ElementsAre(
          "time: t",
          "w; counted before rows of several with one item and of the rare were left out",
          "rows left out: 1 (0.1 %) malformed, of all files; 20 (1.0 %) out of the spec's range; "
          "300 (15.0 %) worth nothing; 4 (0.2 %) of several with one item; 50 (2.5 %) of 6 users "
          "and 7 items that are too rare",
          "500 rows refused: negatives for the ranker, unknown to all else",
          "interactions at a time that is not known, taken for the oldest: 100 (10.0 %)",
          "interactions with an item that the user had before: 5 (0.5 %)",
          "users with one or two interactions: 40 (40.0 %)",
          "users with more, but of one item only: 3 (3.0 %)"));
}

}  // namespace
}  // namespace shortlist
