#include "data/item_holdout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/synthetic_dataset.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ItemHoldout, DrawsAShareOfTheItemsThatHaveInteractions) {
  std::vector<uint32_t> counts(100, 1);
  counts[7] = 0;
  const std::vector<ItemRow> drawn = DrawItems(counts, 0.25, 1);
  EXPECT_EQ(drawn.size(), 24u);
  EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.end()));
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), 7), 0);
  EXPECT_EQ(drawn, DrawItems(counts, 0.25, 1));
  EXPECT_NE(drawn, DrawItems(counts, 0.25, 2));
  EXPECT_THAT(DrawItems(counts, 0, 1), IsEmpty());
}

TEST(ItemHoldout, IsAsIfTheItemsHadNeverBeenThere) {
  const Dataset dataset = MakeSyntheticDataset();
  const std::vector<UserSequence> sequences = SplitPerUser(dataset, 0.1, 0.2);
  const std::vector<ItemRow> out = DrawItems(TrainingCounts(dataset, sequences), 0.2, 3);
  const ItemHoldout holdout = WithoutItems(dataset, sequences, out);
  const Dataset& left = holdout.dataset;
  ASSERT_EQ(left.items.ids.size(), dataset.items.ids.size() - out.size());
  ASSERT_EQ(left.items.code_offsets.size(), left.items.ids.size() + 1);
  for (ItemRow item = 0; item < dataset.items.ids.size(); ++item) {
    const ItemRow row = holdout.row_of[item];
    ASSERT_EQ(row == kNoItem, std::binary_search(out.begin(), out.end(), item));
    if (row == kNoItem) continue;
    EXPECT_EQ(left.items.ids[row], dataset.items.ids[item]);
    EXPECT_EQ(left.items.titles[row], dataset.items.titles[item]);
    EXPECT_TRUE(std::ranges::equal(CodesOf(left.items, row), CodesOf(dataset.items, item)));
    EXPECT_EQ(left.items.numbers[0][row], dataset.items.numbers[0][item]);
  }
  // Every sequence is the old one without these items, in each of its parts.
  size_t kept = 0;
  for (uint32_t user = 0; user < sequences.size(); ++user) {
    const UserSequence& before = sequences[user];
    const UserSequence& after = holdout.sequences[user];
    size_t position = after.begin;
    for (size_t i = before.begin; i < before.end; ++i) {
      if (i == before.train_end) {
        EXPECT_EQ(position, after.train_end);
      }
      if (i == before.valid_end) {
        EXPECT_EQ(position, after.valid_end);
      }
      const ItemRow row = holdout.row_of[dataset.interactions[i].item];
      if (row == kNoItem) continue;
      EXPECT_EQ(left.interactions[position].item, row);
      EXPECT_EQ(left.interactions[position].user, user);
      EXPECT_EQ(left.interactions[position].time_ms, dataset.interactions[i].time_ms);
      EXPECT_TRUE(std::ranges::equal(CodesOf(left.context_attributes, position),
                                     CodesOf(dataset.context_attributes, i)));
      ++position;
      ++kept;
    }
    EXPECT_EQ(position, after.end);
  }
  EXPECT_EQ(kept, left.interactions.size());
  EXPECT_LT(kept, dataset.interactions.size());
}

TEST(ItemHoldout, LeavesRefusalsPartsAndVectorsOfTheItemsOut) {
  Dataset dataset;
  dataset.items.ids = {"a", "b", "c"};
  dataset.items.vector_dim = 2;
  dataset.items.vectors = {1, 2, 3, 4, 5, 6};
  dataset.user_ids = {"u"};
  for (const ItemRow item : {0U, 1U, 2U})
    dataset.interactions.push_back({.user = 0, .item = item, .time_ms = 0, .value = 0});
  dataset.refused = {dataset.interactions[1], dataset.interactions[2]};
  dataset.parts = {DatasetPart::kTrain, DatasetPart::kTrain, DatasetPart::kTest};
  const std::vector<UserSequence> sequences = {{0, 2, 2, 3}};
  const std::vector<ItemRow> out = {1};
  const ItemHoldout holdout = WithoutItems(dataset, sequences, out);
  EXPECT_THAT(holdout.dataset.items.vectors, ElementsAre(1, 2, 5, 6));
  ASSERT_EQ(holdout.dataset.refused.size(), 1u);
  EXPECT_EQ(holdout.dataset.refused[0].item, 1u);
  EXPECT_THAT(holdout.dataset.parts, ElementsAre(DatasetPart::kTrain, DatasetPart::kTest));
  EXPECT_EQ(holdout.sequences[0].train_end, 1u);
  EXPECT_EQ(holdout.sequences[0].end, 2u);
}

}  // namespace
}  // namespace shortlist
