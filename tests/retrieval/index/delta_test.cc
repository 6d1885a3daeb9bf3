#include "retrieval/index/delta.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrieval/index/exact_search.h"
#include "tests/support/random_vectors.h"

namespace shortlist {
namespace {

constexpr size_t kDim = 20;

class DeltaChunkTest : public ::testing::Test {
 protected:
  // What scores at least `least`, best first.
  std::vector<ScoredItem> Search(const DeltaChunk& chunk, const ItemFilter& filter, float least) {
    QueryCode code;
    code.Assign(query_);
    std::vector<ScoredItem> found;
    chunk.Search(query_, code, filter, least, found);
    std::sort(found.begin(), found.end(), RanksBefore);
    return found;
  }

  const std::vector<float> query_ = ClusteredUnitVectors(1, kDim, 1, 5);
};

TEST_F(DeltaChunkTest, FindsWhatExactSearchFindsDownToAScore) {
  constexpr size_t kItems = DeltaChunk::kCapacity;
  const std::vector<float> vectors = ClusteredUnitVectors(kItems, kDim, 10, 6);
  std::vector<ItemRow> rows(kItems);
  for (ItemRow row = 0; row < kItems; ++row) rows[row] = row;
  const DeltaChunk chunk(kDim, rows, vectors);
  for (size_t k : {size_t{1}, size_t{50}, kItems}) {
    const std::vector<ScoredItem> expected = SearchExactly(vectors, kDim, query_, {}, k);
    const std::vector<ScoredItem> found = Search(chunk, {}, expected.back().score);
    ASSERT_EQ(found.size(), k);
    for (size_t i = 0; i < k; ++i) EXPECT_EQ(found[i].item, expected[i].item);
  }
}

TEST_F(DeltaChunkTest, FindsItsRowsByTheirOwnNumbersAndOnlyThoseThatPass) {
  std::vector<float> vectors = query_;
  vectors.insert(vectors.end(), query_.begin(), query_.end());
  const DeltaChunk chunk(kDim, {700, 30}, vectors);
  EXPECT_EQ(chunk.size(), 2u);
  EXPECT_THAT(chunk.vector(1), ::testing::ElementsAreArray(query_));
  ItemFilter filter;
  filter.Exclude(std::vector<ItemRow>{30});
  const std::vector<ScoredItem> found = Search(chunk, filter, 0.99F);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].item, 700u);
  EXPECT_NEAR(found[0].score, 1, 1e-5);
  EXPECT_TRUE(Search(chunk, {}, 1.01F).empty());
}

TEST_F(DeltaChunkTest, FindsNothingWhereThereIsNothing) {
  EXPECT_TRUE(Search(DeltaChunk(kDim, {}, {}), {}, -1).empty());
}

}  // namespace
}  // namespace shortlist
