#include "data/user_sequences.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

// One user per entry, with that many interactions.
Dataset WithCounts(const std::vector<int>& counts) {
  Dataset dataset;
  for (size_t user = 0; user < counts.size(); ++user) {
    dataset.user_ids.push_back(std::to_string(user));
    for (int i = 0; i < counts[user]; ++i)
      dataset.interactions.push_back(
          {.user = static_cast<uint32_t>(user), .item = 0, .time_ms = i, .value = 0});
  }
  return dataset;
}

TEST(UserSequences, LastSharesAreHeldOutInOrderOfTime) {
  const auto sequences = SplitPerUser(WithCounts({5, 20}), 0.1, 0.2);
  EXPECT_EQ(sequences[1].begin, 5);
  EXPECT_EQ(sequences[1].train_end, 5 + 14);
  EXPECT_EQ(sequences[1].valid_end, 5 + 16);
  EXPECT_EQ(sequences[1].end, 25);
}

TEST(UserSequences, ThreeInteractionsGiveOneToEachPart) {
  const auto sequences = SplitPerUser(WithCounts({3}), 0.1, 0.9);
  EXPECT_EQ(sequences[0].train_end, 1);
  EXPECT_EQ(sequences[0].valid_end, 2);
  EXPECT_EQ(sequences[0].end, 3);
}

TEST(UserSequences, UsersWithFewerThanThreeAreTrainingOnly) {
  const auto sequences = SplitPerUser(WithCounts({2, 0, 1}), 0.1, 0.1);
  EXPECT_EQ(sequences[0].train_end, 2);
  EXPECT_EQ(sequences[0].end, 2);
  EXPECT_EQ(sequences[1].begin, sequences[1].end);
  EXPECT_EQ(sequences[2].train_end, 3);
}

TEST(UserSequences, LeaveOneOutTestsTheLastAndValidatesOnTheOneBefore) {
  const auto sequences = *Split(WithCounts({2, 3, 10}), SplitKind::kLeaveOneOut);
  EXPECT_EQ(sequences[0].train_end, sequences[0].end);
  EXPECT_EQ(sequences[1].train_end, 2 + 1);
  EXPECT_EQ(sequences[1].valid_end, 2 + 2);
  EXPECT_EQ(sequences[2].train_end, 5 + 8);
  EXPECT_EQ(sequences[2].valid_end, 5 + 9);
  EXPECT_EQ(sequences[2].end, 5 + 10);
}

TEST(UserSequences, PerUserTestsTheLastFifthAndValidatesOnTheTenthBefore) {
  const auto sequences = *Split(WithCounts({20}), SplitKind::kPerUser);
  EXPECT_EQ(sequences[0].train_end, 14);
  EXPECT_EQ(sequences[0].valid_end, 16);
}

TEST(UserSequences, TemporalCutsAllUsersAtTheSameMoment) {
  // Times 0 to 9 for the first user, 0 to 1 for the second; one who comes last of all.
  Dataset dataset = WithCounts({17, 2, 1});
  dataset.has_times = true;
  dataset.interactions.back().time_ms = 100;
  // Of 20 times, in order, the 16th is 14 and the 18th 16.
  const auto sequences = *Split(dataset, SplitKind::kTemporal);
  EXPECT_EQ(sequences[0].train_end, 14);
  EXPECT_EQ(sequences[0].valid_end, 16);
  EXPECT_EQ(sequences[0].end, 17);
  EXPECT_EQ(sequences[1].train_end, sequences[1].end);
  EXPECT_EQ(sequences[2].begin, sequences[2].valid_end);  // No history at the cut.
  EXPECT_LT(sequences[2].valid_end, sequences[2].end);
}

TEST(UserSequences, ATemporalSplitSaysWhyThereAreNoTimes) {
  Dataset dataset = WithCounts({5});
  dataset.summary.time = "timestamp, not known";
  EXPECT_EQ(Split(dataset, SplitKind::kTemporal).status().message(),
            "a temporal split needs times, and none is known: timestamp, not known");
}

TEST(UserSequences, TemporalNeedsTimes) {
  EXPECT_EQ(Split(WithCounts({5}), SplitKind::kTemporal).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(UserSequences, WhatHappenedAtAnUnknownTimeIsNeverHeldOut) {
  Dataset dataset = WithCounts({10, 3, 3});
  dataset.has_times = true;
  for (size_t i = 0; i < dataset.interactions.size(); ++i) dataset.interactions[i].time_ms = 0;
  dataset.interactions[9].time_ms = 100;
  dataset.interactions[14].time_ms = 50;
  dataset.interactions[15].time_ms = 60;
  for (const SplitKind kind : {SplitKind::kLeaveOneOut, SplitKind::kPerUser}) {
    const auto sequences = *Split(dataset, kind);
    EXPECT_EQ(sequences[0].train_end, 9);
    EXPECT_EQ(sequences[0].valid_end, 9);
    EXPECT_EQ(sequences[0].end, 10);
    EXPECT_EQ(sequences[1].train_end, 13);  // Nothing is known of them.
    EXPECT_EQ(sequences[2].train_end, 14);
    EXPECT_EQ(sequences[2].valid_end, 15);
  }
  const auto temporal = *Split(dataset, SplitKind::kTemporal);
  EXPECT_EQ(temporal[0].train_end, 9);
  EXPECT_EQ(temporal[1].train_end, 13);
}

TEST(UserSequences, FilesSayWhatIsWhatAndValidationComesOutOfTrainingWhereItHasNoFile) {
  using enum DatasetPart;
  Dataset dataset = WithCounts({6, 1});
  dataset.parts = {kTrain, kTrain, kTrain, kValid, kTest, kTest, kTest};
  auto sequences = *Split(dataset, SplitKind::kFiles);
  EXPECT_EQ(sequences[0].train_end, 3);
  EXPECT_EQ(sequences[0].valid_end, 4);
  EXPECT_EQ(sequences[1].begin, sequences[1].valid_end);
  dataset.parts[3] = kTrain;
  sequences = *Split(dataset, SplitKind::kFiles);
  EXPECT_EQ(sequences[0].train_end, 3);
  EXPECT_EQ(sequences[0].valid_end, 4);
}

TEST(UserSequences, ValidationCanBecomeTrainingOrTheTest) {
  const auto sequences = SplitPerUser(WithCounts({10}), 0.1, 0.2);
  const auto trained = WithoutValidation(sequences);
  EXPECT_EQ(trained[0].train_end, 8);
  EXPECT_EQ(trained[0].valid_end, 8);
  EXPECT_EQ(trained[0].end, 10);
  const auto chosen = ValidationAsTest(sequences);
  EXPECT_EQ(chosen[0].train_end, 7);
  EXPECT_EQ(chosen[0].valid_end, 7);
  EXPECT_EQ(chosen[0].end, 8);
}

TEST(UserSequences, UsersLeftOutHaveNothing) {
  const auto sequences =
      WithoutUsers(SplitPerUser(WithCounts({10, 10}), 0.1, 0.2), std::vector<uint32_t>{1});
  EXPECT_EQ(sequences[0].train_end, 7);
  EXPECT_EQ(sequences[1].begin, sequences[1].end);
}

TEST(UserSequences, WithoutHoldoutEverythingIsTraining) {
  const auto sequences = WithoutHoldout(SplitPerUser(WithCounts({10}), 0.1, 0.1));
  EXPECT_EQ(sequences[0].train_end, 10);
  EXPECT_EQ(sequences[0].valid_end, 10);
}

}  // namespace
}  // namespace shortlist
