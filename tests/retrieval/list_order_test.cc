#include "retrieval/list_order.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(ListOrder, GivesEveryListOnceLargestBoundFirst) {
  std::mt19937_64 random(1);
  ListOrder order;
  for (size_t lists : {1, 2, 15, 16, 17, 1000, 5000}) {
    // Few distinct bounds: ties across the pieces that are sorted one by one.
    for (uint64_t distinct : {uint64_t{3}, uint64_t{1000000}}) {
      std::vector<float> bounds(lists);
      for (float& bound : bounds) bound = static_cast<float>(random() % distinct);
      std::copy(bounds.begin(), bounds.end(), order.Reset(lists).begin());
      std::vector<int> seen(lists, 0);
      float last = std::numeric_limits<float>::infinity();
      size_t count = 0;
      for (order.Begin(); !order.done(); order.Next(), ++count) {
        ASSERT_LE(order.bound(), last);
        ASSERT_EQ(order.bound(), bounds[order.list()]);
        last = order.bound();
        ++seen[order.list()];
        ASSERT_LT(order.next_list(), lists);
      }
      EXPECT_EQ(count, lists);
      EXPECT_THAT(seen, ::testing::Each(1));
    }
  }
}

}  // namespace
}  // namespace shortlist
