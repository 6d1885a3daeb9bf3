#include "training/user_sequences.h"

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

TEST(UserSequences, WithoutHoldoutEverythingIsTraining) {
  const auto sequences = WithoutHoldout(SplitPerUser(WithCounts({10}), 0.1, 0.1));
  EXPECT_EQ(sequences[0].train_end, 10);
  EXPECT_EQ(sequences[0].valid_end, 10);
}

}  // namespace
}  // namespace shortlist
