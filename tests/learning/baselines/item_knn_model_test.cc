#include "learning/baselines/item_knn_model.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/learning/baselines/scores_of_items.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(ItemKnnModel, SumsTheSimilaritiesToTheHistory) {
  const ItemKnnModel model({.neighbours = 2,
                            .items = {1, 2, 0, kNoItem, 0, kNoItem},
                            .scores = {0.5F, 0.25F, 0.5F, 0, 0.25F, 0}});
  EXPECT_THAT(ScoresOfItems(model, {0}, 3), ElementsAre(0, 0.5F, 0.25F));
  EXPECT_THAT(ScoresOfItems(model, {1, 2}, 3), ElementsAre(0.75F, 0, 0));
}

}  // namespace
}  // namespace shortlist
