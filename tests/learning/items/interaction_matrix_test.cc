#include "learning/items/interaction_matrix.h"

#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// User 0 has 3, 1, 3, 2 in training and 4 later; user 1 nothing in training.
Dataset TwoUsers() {
  Dataset dataset;
  for (const auto& [user, item] :
       std::vector<std::pair<uint32_t, ItemRow>>{{0, 3}, {0, 1}, {0, 3}, {0, 2}, {0, 4}, {1, 0}})
    dataset.interactions.push_back({.user = user, .item = item, .time_ms = 0, .value = 0});
  return dataset;
}
const std::vector<UserSequence> kSequences = {{0, 4, 4, 5}, {5, 5, 5, 6}};

TEST(ItemsOfUsers, AreThoseOfTrainingAscendingAndEachOnce) {
  const InteractionMatrix matrix = ItemsOfUsers(TwoUsers(), kSequences);
  ASSERT_EQ(matrix.rows(), 2u);
  EXPECT_THAT(matrix[0], ElementsAre(1, 2, 3));
  EXPECT_THAT(matrix[1], IsEmpty());
}

TEST(ItemsOfUsers, OfLongSequencesTheLastCount) {
  EXPECT_THAT(ItemsOfUsers(TwoUsers(), kSequences, 2)[0], ElementsAre(2, 3));
}

TEST(Transposed, HasARowForEveryColumn) {
  // Rows {0, 2}, {}, {2}.
  const InteractionMatrix matrix{.offsets = {0, 2, 2, 3}, .columns = {0, 2, 2}};
  const InteractionMatrix transposed = Transposed(matrix, 4);
  ASSERT_EQ(transposed.rows(), 4u);
  EXPECT_THAT(transposed[0], ElementsAre(0));
  EXPECT_THAT(transposed[1], IsEmpty());
  EXPECT_THAT(transposed[2], ElementsAre(0, 2));
  EXPECT_THAT(transposed[3], IsEmpty());
  EXPECT_EQ(Transposed(transposed, 3).columns, matrix.columns);
}

}  // namespace
}  // namespace shortlist
