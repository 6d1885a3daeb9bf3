#include "retrieval/index/exact_search.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/vector_kernels.h"
#include "tests/support/random_vectors.h"

namespace shortlist {
namespace {

constexpr size_t kExactDim = 10;

std::vector<ItemRow> InOrder(const std::vector<ScoredItem>& items) {
  std::vector<ItemRow> rows;
  for (const ScoredItem& item : items) rows.push_back(item.item);
  return rows;
}

TEST(SearchExactly, FindsWhatSortingAllPassingItemsFinds) {
  std::vector<float> items = ClusteredUnitVectors(700, kExactDim, 5, 1);
  std::vector<float> query = ClusteredUnitVectors(1, kExactDim, 5, 2);
  Roaring allowed;
  for (uint32_t row = 0; row < 700; row += 3) allowed.add(row);
  ItemFilter filter(allowed);
  filter.Exclude(std::vector<ItemRow>{0, 3, 4, 699});

  std::vector<ScoredItem> expected;
  for (uint32_t row = 6; row < 699; row += 3)
    expected.push_back({row, DotProduct(query.data(), items.data() + row * kExactDim, kExactDim)});
  std::sort(expected.begin(), expected.end(), RanksBefore);
  EXPECT_EQ(InOrder(SearchExactly(items, kExactDim, query, filter, 1000)), InOrder(expected));
  expected.resize(20);
  EXPECT_EQ(InOrder(SearchExactly(items, kExactDim, query, filter, 20)), InOrder(expected));
}

TEST(SearchExactly, OrdersEqualItemsByRow) {
  std::vector<float> items(50 * kExactDim, 1.0F);
  std::vector<float> query(kExactDim, 1.0F);
  EXPECT_THAT(InOrder(SearchExactly(items, kExactDim, query, {}, 3)),
              ::testing::ElementsAre(0, 1, 2));
}

TEST(SearchExactly, FindsNothingWhereNothingPasses) {
  std::vector<float> items(5 * kExactDim, 1.0F);
  std::vector<float> query(kExactDim, 1.0F);
  EXPECT_TRUE(SearchExactly(items, kExactDim, query, {}, 0).empty());
  EXPECT_TRUE(SearchExactly(items, kExactDim, query, ItemFilter(Roaring()), 3).empty());
  EXPECT_TRUE(SearchExactly({}, kExactDim, query, {}, 3).empty());
}

TEST(SearchExactly, AnswersManyQueriesAsItAnswersEach) {
  constexpr size_t kItems = 3000, kQueries = 70, kExactDim = 13;
  const std::vector<float> items = ClusteredUnitVectors(kItems, kExactDim, 20, 1);
  const std::vector<float> queries = ClusteredUnitVectors(kQueries, kExactDim, 20, 2);
  WorkerPool workers(2);
  Roaring odd;
  for (uint32_t row = 1; row < kItems; row += 2) odd.add(row);
  for (const ItemFilter& filter : {ItemFilter(), ItemFilter(odd), ItemFilter(Roaring())}) {
    const auto found = SearchExactly(items, kExactDim, queries, filter, 50, workers);
    ASSERT_EQ(found.size(), kQueries);
    for (size_t q = 0; q < kQueries; ++q)
      EXPECT_EQ(found[q],
                SearchExactly(items, kExactDim,
                              std::span(queries).subspan(q * kExactDim, kExactDim), filter, 50));
  }
}

}  // namespace
}  // namespace shortlist
