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
    chunk.Search(query_, code, filter, hidden_, least, found);
    std::sort(found.begin(), found.end(), RanksBefore);
    return found;
  }

  const Bits* hidden_ = nullptr;
  const std::vector<float> query_ = ClusteredUnitVectors(1, kDim, 1, 5);
};

TEST_F(DeltaChunkTest, FindsWhatExactSearchFindsDownToAScore) {
  constexpr size_t kItems = DeltaChunk::kCapacity;
  const std::vector<float> vectors = ClusteredUnitVectors(kItems, kDim, 10, 6);
  const DeltaChunk chunk(kDim, 0, vectors);
  for (size_t k : {size_t{1}, size_t{50}, kItems}) {
    const std::vector<ScoredItem> expected = SearchExactly(vectors, kDim, query_, {}, k);
    const std::vector<ScoredItem> found = Search(chunk, {}, expected.back().score);
    ASSERT_EQ(found.size(), k);
    for (size_t i = 0; i < k; ++i) EXPECT_EQ(found[i].item, expected[i].item);
  }
}

TEST_F(DeltaChunkTest, FindsItsRowsByTheirOwnNumbersAndOnlyThoseThatPass) {
  std::vector<float> vectors;
  for (int i = 0; i < 3; ++i) vectors.insert(vectors.end(), query_.begin(), query_.end());
  const DeltaChunk chunk(kDim, 700, vectors);
  EXPECT_EQ(chunk.size(), 3u);
  ItemFilter filter;
  filter.Exclude(std::vector<ItemRow>{701});
  Bits hidden(703);
  hidden.Set(702);
  hidden_ = &hidden;
  const std::vector<ScoredItem> found = Search(chunk, filter, 0.99F);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].item, 700u);
  EXPECT_NEAR(found[0].score, 1, 1e-5);
  EXPECT_TRUE(Search(chunk, {}, 1.01F).empty());
}

TEST_F(DeltaChunkTest, FindsNothingWhereThereIsNothingAndZerosWhereThereIsNoVector) {
  EXPECT_TRUE(Search(DeltaChunk(kDim, 0, {}), {}, -1).empty());
  const std::vector<float> zeros(2 * kDim, 0);
  const std::vector<ScoredItem> found = Search(DeltaChunk(kDim, 5, zeros), {}, -1);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], (ScoredItem{5, 0}));
}

// The delta that grows step by step finds what exact search finds, and one that was there before
// what it found before.
TEST(Delta, FindsAllThatItHasAmongWhatWasFoundBefore) {
  constexpr size_t kItems = 3000;
  constexpr ItemRow kFirst = 100;
  const std::vector<float> query = ClusteredUnitVectors(1, kDim, 1, 7);
  // The first rows stand for those that an index has.
  const std::vector<float> all = ClusteredUnitVectors(kFirst + kItems, kDim, 10, 8);
  const std::span<const float> vectors = std::span(all).subspan(kFirst * kDim);
  const std::vector<ScoredItem> in_index =
      SearchExactly(std::span(all).first(kFirst * kDim), kDim, query, {}, kFirst);
  Bits hidden(kFirst + kItems);
  for (ItemRow row = kFirst; row < kFirst + kItems; row += 7) hidden.Set(row);
  ItemFilter visible;
  visible.Hide(&hidden);
  Delta delta;
  for (size_t count : {0, 1, 2, 1023, 1024, 1025, 2500, 3000}) {
    const Delta before = delta;
    const size_t size_before = before.size();
    delta = before.With(kDim, kFirst, vectors.first(count * kDim));
    ASSERT_EQ(delta.size(), count);
    ASSERT_EQ(before.size(), size_before);
    for (size_t k : {1, 50, 5000}) {
      std::vector<ScoredItem> results(k);
      const size_t found_before = std::min<size_t>(k, in_index.size());
      std::copy_n(in_index.begin(), found_before, results.begin());
      results.resize(delta.Search(query, {}, &hidden, found_before, results));
      const std::vector<ScoredItem> expected =
          SearchExactly(std::span(all).first((kFirst + count) * kDim), kDim, query, visible, k);
      ASSERT_EQ(results.size(), expected.size());
      for (size_t i = 0; i < results.size(); ++i) ASSERT_EQ(results[i].item, expected[i].item);
    }
  }
}

}  // namespace
}  // namespace shortlist
