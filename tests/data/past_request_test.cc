#include "data/past_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/synthetic_dataset.h"

namespace shortlist {
namespace {

TEST(PastRequests, HistoryIsWhatHappenedBeforeAndNothingElse) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  const UserSequence& sequence = sequences[5];
  const PastRequest request = PastRequests(dataset).Before(sequence, 5, sequence.train_end);
  ASSERT_EQ(request.user.history.size(), sequence.train_end - sequence.begin);
  for (size_t i = 0; i < request.user.history.size(); ++i) {
    EXPECT_EQ(request.user.history[i].item, dataset.interactions[sequence.begin + i].item);
    EXPECT_LT(request.user.history[i].time_ms, request.context.time_ms);
  }
  EXPECT_EQ(request.user.user, 5U);
  EXPECT_THAT(request.user.attribute_codes, testing::ElementsAre(1));
}

TEST(PastRequests, CircumstancesAreThoseOfTheInteractionThatFollows) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  const size_t position = sequences[5].valid_end;
  const PastRequest request = PastRequests(dataset).Before(sequences[5], 5, position);
  EXPECT_EQ(request.context.time_ms, dataset.interactions[position].time_ms);
  EXPECT_THAT(request.context.attribute_codes,
              testing::ElementsAreArray(CodesOf(dataset.context_attributes, position)));
}

TEST(PastRequests, WhatFollowsFromTheTimeIsLeftToTheEncoder) {
  Dataset dataset = MakeSyntheticDataset();
  EXPECT_THAT(ContextOf(dataset, 7).extra, testing::IsEmpty());
  // In a data set without such times the same fields are its own.
  dataset.has_unix_times = false;
  EXPECT_THAT(ContextOf(dataset, 7).extra,
              testing::ElementsAre(testing::Pair("daypart", testing::_),
                                   testing::Pair("weekday", testing::_)));
}

TEST(PastRequests, AfterTheLastInteractionNothingIsKnownOfTheCircumstances) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  const PastRequest request = PastRequests(dataset).Before(sequences[5], 5, sequences[5].end);
  EXPECT_EQ(request.context.time_ms, 0);
  EXPECT_THAT(request.context.attribute_codes, testing::IsEmpty());
}

}  // namespace
}  // namespace shortlist
