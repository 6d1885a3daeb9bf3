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

TEST(ItemSimilarityBuilder, ScoresOfASetAreComputedByHand) {
  std::vector<UserSequence> sequences;
  // User 1 has item 0 twice: it counts once.
  const Dataset dataset = WithItems({{0, 1, 2}, {0, 1, 0}, {2}}, sequences);
  WorkerPool pool(2);
  const ItemSimilarityData data = BuildItemSimilarity(dataset, sequences,
                                                      {.neighbours = 3,
                                                       .user_exponent = 1,
                                                       .from_exponent = 0.5F,
                                                       .to_exponent = 0.25F,
                                                       .shrinkage = 2},
                                                      pool);
  // Item 0: with 1 at users 0 and 1, with 2 at user 0.
  const double cell = std::sqrt(2) * std::sqrt(std::sqrt(2)) + 2;
  EXPECT_EQ(data.items[0], 1);
  EXPECT_NEAR(data.scores[0], (1.0 / 3 + 1.0 / 2) / cell, 1e-6);
  EXPECT_EQ(data.items[1], 2);
  EXPECT_NEAR(data.scores[1], 1.0 / 3 / cell, 1e-6);
  EXPECT_EQ(data.items[2], kNoItem);
  EXPECT_EQ(data.scores[2], 0);
}

TEST(ItemSimilarityBuilder, InOrderWhatIsNearAndWhatComesLaterCountsMore) {
  std::vector<UserSequence> sequences;
  // Item 0 counts at its last place, the third.
  const Dataset dataset = WithItems({{0, 1, 3, 0, 2}}, sequences);
  WorkerPool pool(1);
  const ItemSimilarityData data = BuildItemSimilarity(
      dataset, sequences, {.neighbours = 3, .in_order = true, .user_exponent = 0}, pool);
  EXPECT_EQ((std::vector<ItemRow>{data.items.begin(), data.items.begin() + 3}),
            (std::vector<ItemRow>{2, 3, 1}));
  EXPECT_FLOAT_EQ(data.scores[0], 1);
  EXPECT_FLOAT_EQ(data.scores[1], 0.5F);
  EXPECT_FLOAT_EQ(data.scores[2], 0.5F / std::sqrt(2.0F));
}

TEST(ItemSimilarityBuilder, OfLongSequencesTheLastItemsCount) {
  std::vector<UserSequence> sequences;
  const Dataset dataset = WithItems({{0, 1, 2, 3}}, sequences);
  WorkerPool pool(1);
  const ItemSimilarityData data =
      BuildItemSimilarity(dataset, sequences, {.neighbours = 1, .max_user_items = 2}, pool);
  EXPECT_EQ(data.items, (std::vector<ItemRow>{kNoItem, kNoItem, 3, 2, kNoItem}));
}

TEST(ItemSimilarityBuilder, WeightsFallWithAgeWhereThereIsAnOrder) {
  EXPECT_EQ(WeightsByAge(ItemSimilarityOptions{.history = 3, .age_exponent = 1}),
            (std::vector<float>{1, 0.5F, 1.0F / 3}));
  EXPECT_EQ(WeightsByAge(ItemSimilarityOptions{.history = 2}), (std::vector<float>{1, 1}));
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
