#include "learning/items/segment_popularity_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(SegmentPopularityBuilder, CountsTheUsersOfEveryValueWhoHadAnItemInTraining) {
  Dataset dataset;
  dataset.items.ids = {"a", "b", "c"};
  dataset.user_attributes = {
      .schema = {{.name = "sex", .type = AttributeType::kToken, .values = {"F", "M", "X"}}},
      .offsets = {0, 1, 2, 3, 3},
      .codes = {0, 0, 1}};
  // The fourth user has no attribute, and of each the last interaction is held out.
  const std::vector<std::vector<ItemRow>> users = {{0, 2, 2, 2, 1}, {0, 1, 1}, {2, 1, 0}, {1, 0}};
  std::vector<UserSequence> sequences;
  for (uint32_t user = 0; user < users.size(); ++user) {
    dataset.user_ids.push_back(std::to_string(user));
    UserSequence sequence{.begin = dataset.interactions.size()};
    for (const ItemRow item : users[user])
      dataset.interactions.push_back({.user = user, .item = item, .time_ms = 0, .value = 0});
    sequence.valid_end = sequence.end = dataset.interactions.size();
    sequence.train_end = sequence.end - 1;
    sequences.push_back(sequence);
  }
  const SegmentPopularityData data = BuildSegmentPopularity(dataset, sequences, /*most=*/2);
  EXPECT_EQ(data.width, 2u);
  // Of "F" two users had item 0, one 1 and one 2, however often.
  EXPECT_THAT(data.items, ElementsAre(0, 1, 1, 2, kNoItem, kNoItem));
}

}  // namespace
}  // namespace shortlist
