#include "learning/items/item_similarity_builder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace shortlist {
namespace {

// Users' items in training; one more interaction each, with item 4, is held out.
Dataset WithItems(const std::vector<std::vector<ItemRow>>& users,
                  std::vector<UserSequence>& sequences) {
  Dataset dataset;
  dataset.items.ids = {"a", "b", "c", "d", "e"};
  for (uint32_t user = 0; user < users.size(); ++user) {
    dataset.user_ids.push_back(std::to_string(user));
    UserSequence sequence;
    sequence.begin = dataset.interactions.size();
    for (ItemRow item : users[user])
      dataset.interactions.push_back({.user = user, .item = item, .time_ms = 0, .value = 0});
    sequence.train_end = dataset.interactions.size();
    dataset.interactions.push_back({.user = user, .item = 4, .time_ms = 0, .value = 0});
    sequence.valid_end = sequence.end = dataset.interactions.size();
    sequences.push_back(sequence);
  }
  return dataset;
}

TEST(ItemSimilarityBuilder, ScoresAreTheWeightedCosineComputedByHand) {
  std::vector<UserSequence> sequences;
  // User 1 has item 0 twice: it counts once.
  const Dataset dataset = WithItems({{0, 1, 2}, {0, 1, 0}, {2}}, sequences);
  WorkerPool pool(2);
  const ItemSimilarityData data =
      BuildItemSimilarity(dataset, sequences, {.neighbours = 3, .shrinkage = 2}, pool);
  const double three = 1 / std::log2(4);
  const double two = 1 / std::log2(3);
  // Item 0: with 1 at users 0 and 1, with 2 at user 0.
  EXPECT_EQ(data.items[0], 1);
  EXPECT_NEAR(data.scores[0], (three + two) / (2 + 2), 1e-6);
  EXPECT_EQ(data.items[1], 2);
  EXPECT_NEAR(data.scores[1], three / (2 + 2), 1e-6);
  EXPECT_EQ(data.items[2], kNoItem);
  EXPECT_EQ(data.scores[2], 0);
}

TEST(ItemSimilarityBuilder, HeldOutInteractionsAreNotSeen) {
  std::vector<UserSequence> sequences;
  const Dataset dataset = WithItems({{0, 1}, {0, 1}}, sequences);
  WorkerPool pool(1);
  const ItemSimilarityData data = BuildItemSimilarity(dataset, sequences, {.neighbours = 2}, pool);
  for (ItemRow item : data.items) EXPECT_NE(item, 4U);
  EXPECT_EQ(data.items[4 * 2], kNoItem);
}

}  // namespace
}  // namespace shortlist
