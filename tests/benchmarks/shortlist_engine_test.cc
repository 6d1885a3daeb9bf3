#include "benchmarks/search_engine.h"

#include <algorithm>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrieval/index/exact_search.h"
#include "tests/support/random_vectors.h"

namespace shortlist {
namespace {

constexpr size_t kItems = 3000, kDim = 32, kK = 50;

class ShortlistEngineTest : public ::testing::Test {
 protected:
  std::vector<uint32_t> Search(const SearchEngine& engine, size_t query) const {
    std::vector<uint32_t> rows(kK);
    engine.Search(items_.data() + query * kDim, kK, rows.data());
    return rows;
  }
  std::vector<uint32_t> Exact(size_t query, const ItemFilter& filter = {}) const {
    std::vector<uint32_t> rows;
    for (const ScoredItem& item :
         SearchExactly(items_, kDim, std::span(items_).subspan(query * kDim, kDim), filter, kK))
      rows.push_back(item.item);
    return rows;
  }
  double Recall(const SearchEngine& engine) const {
    size_t found = 0;
    for (size_t query = 0; query < 50; ++query) {
      const std::vector<uint32_t> exact = Exact(query);
      for (uint32_t row : Search(engine, query))
        found += std::count(exact.begin(), exact.end(), row);
    }
    return static_cast<double>(found) / (50 * kK);
  }

  const std::vector<float> items_ = ClusteredUnitVectors(kItems, kDim, 3, 3);
  const EngineInput input_ = {.items = items_, .dim = kDim, .queries = {}, .threads = 1};
};

TEST_F(ShortlistEngineTest, OfExactSearchTheAnswersAreExact) {
  const std::unique_ptr<SearchEngine> engine = MakeExact(input_);
  EXPECT_EQ(engine->name(), "exact");
  ASSERT_EQ(engine->efforts().size(), 1u);
  engine->SetEffort(engine->efforts()[0]);
  for (size_t query = 0; query < 20; ++query) EXPECT_EQ(Search(*engine, query), Exact(query));
}

TEST_F(ShortlistEngineTest, MoreEffortFindsMoreAndTheMostNearlyAll) {
  const std::unique_ptr<SearchEngine> engine = MakeShortlist(input_);
  const std::vector<double> efforts = engine->efforts();
  EXPECT_TRUE(std::is_sorted(efforts.begin(), efforts.end()));
  engine->SetEffort(0);  // Fewer lists than are ever measured.
  const double least = Recall(*engine);
  engine->SetEffort(efforts.back());
  EXPECT_GT(Recall(*engine), least);
  EXPECT_GT(Recall(*engine), 0.98);
  EXPECT_GT(engine->bytes_per_item(), kDim);
}

TEST_F(ShortlistEngineTest, FindsOnlyTheRowsItIsRestrictedTo) {
  const std::unique_ptr<SearchEngine> engine = MakeExact(input_);
  engine->SetEffort(engine->efforts()[0]);
  Roaring allowed;
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < kItems; row += 10) {
    rows.push_back(row);
    allowed.add(row);
  }
  ASSERT_TRUE(engine->Restrict(rows));
  EXPECT_EQ(Search(*engine, 0), Exact(0, ItemFilter(allowed)));
  ASSERT_TRUE(engine->Restrict({}));
  EXPECT_EQ(Search(*engine, 0), Exact(0));
}

TEST_F(ShortlistEngineTest, TheLiveOneFindsWhatWasAdded) {
  const std::unique_ptr<SearchEngine> engine = MakeLive(input_);
  engine->SetEffort(engine->efforts().back());
  // Item kItems - 1 was added; it is the nearest to itself.
  EXPECT_EQ(Search(*engine, kItems - 1)[0], kItems - 1);
}

}  // namespace
}  // namespace shortlist
