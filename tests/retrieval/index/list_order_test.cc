#include "retrieval/index/list_order.h"

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> RandomBounds(ListOrder& order, size_t lists, uint64_t distinct,
                                std::mt19937_64& random) {
  std::vector<float> bounds(lists);
  for (float& bound : bounds) bound = static_cast<float>(random() % distinct);
  std::copy(bounds.begin(), bounds.end(), order.Reset(lists).begin());
  return bounds;
}

TEST(ListOrder, GivesEveryListOnceTheLargestBoundsInEarlierRounds) {
  std::mt19937_64 random(1);
  ListOrder order;
  for (size_t lists : {1, 2, 15, 16, 17, 1000, 5000}) {
    // Few distinct bounds: ties across rounds.
    for (uint64_t distinct : {uint64_t{3}, uint64_t{1000000}}) {
      const std::vector<float> bounds = RandomBounds(order, lists, distinct, random);
      std::vector<int> seen(lists, 0);
      float least_of_last_round = kInfinity;
      size_t rounds = 0;
      for (auto round = order.Next(-kInfinity); !round.empty(); round = order.Next(-kInfinity)) {
        ++rounds;
        float least = kInfinity;
        for (uint32_t list : round) {
          ASSERT_LT(list, lists);
          ASSERT_EQ(order.bound(list), bounds[list]);
          ASSERT_LE(bounds[list], least_of_last_round);
          least = std::min(least, bounds[list]);
          ++seen[list];
        }
        least_of_last_round = least;
      }
      EXPECT_THAT(seen, ::testing::Each(1));
      if (lists == 5000 && distinct > 3) {
        EXPECT_GT(rounds, 3);
      }
    }
  }
}

TEST(ListOrder, LeavesOutListsWithBoundsBelowTheLeast) {
  std::mt19937_64 random(2);
  ListOrder order;
  const std::vector<float> bounds = RandomBounds(order, 3000, 1000, random);
  std::vector<bool> seen(bounds.size(), false);
  float least = 0;
  for (auto round = order.Next(least); !round.empty(); round = order.Next(least)) {
    for (uint32_t list : round) {
      EXPECT_GE(bounds[list], least);
      seen[list] = true;
    }
    least = 900;
  }
  for (size_t list = 0; list < bounds.size(); ++list) EXPECT_TRUE(bounds[list] < 900 || seen[list]);
}

}  // namespace
}  // namespace shortlist
