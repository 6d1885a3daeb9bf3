#include "learning/towers/untrained_rows.h"

#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::ElementsAre;

// Users: 0 trains on item 0; 1 has only later interactions, with item 1. Items 1 and 2 are not in
// training; item 2 has an attribute.
TEST(FindUntrained, NamesUsersAndItemsWithAttributesThatTrainingDidNotSee) {
  Dataset dataset;
  dataset.items.ids = {"a", "b", "c", "d"};
  dataset.items.code_offsets = {0, 1, 1, 2, 2};
  dataset.items.codes = {0, 0};
  for (const auto& [user, item] : std::vector<std::pair<uint32_t, ItemRow>>{{0, 0}, {0, 3}, {1, 1}})
    dataset.interactions.push_back({.user = user, .item = item, .time_ms = 0, .value = 0});
  const std::vector<UserSequence> sequences = {{0, 1, 2, 2}, {2, 2, 3, 3}};
  const UntrainedRows rows = FindUntrained(dataset, sequences);
  EXPECT_THAT(rows.users, ElementsAre(1));
  EXPECT_THAT(rows.items, ElementsAre(2));
}

}  // namespace
}  // namespace shortlist
