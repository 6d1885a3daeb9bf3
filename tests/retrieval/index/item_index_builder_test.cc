#include "retrieval/index/item_index_builder.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "retrieval/index/exact_search.h"
#include "retrieval/index/item_index.h"
#include "tests/support/random_vectors.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class ItemIndexBuilderTest : public ::testing::Test {
 protected:
  std::string Error(const std::vector<float>& embeddings, size_t dim,
                    const ItemIndexOptions& options = {}) {
    return std::string(BuildItemIndex(embeddings, dim, options, path_).message());
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "items.index";
};

TEST_F(ItemIndexBuilderTest, NamesWhatCannotBeBuilt) {
  EXPECT_THAT(Error({1, 2, 3}, 2), HasSubstr("not a matrix of 1 to 8192 columns"));
  EXPECT_THAT(Error({}, 0), HasSubstr("not a matrix"));
  for (float bad : {std::numeric_limits<float>::infinity(), std::nanf(""), 2e12F})
    EXPECT_THAT(Error({1, bad}, 2), HasSubstr("not finite, or beyond 1e12"));
  const std::vector<float> odd = {1, 2, 3};
  EXPECT_THAT(Error({1, 2}, 2, {.queries = odd}), HasSubstr("the queries are not a matrix"));
  EXPECT_THAT(Error({1, 2}, 2, {.target_recall = 0}), HasSubstr("target_recall"));
  EXPECT_THAT(Error({1, 2}, 2, {.target_recall = 1.01}), HasSubstr("target_recall"));
  EXPECT_THAT(Error({1, 2}, 2, {.candidate_count = 0}), HasSubstr("candidate_count is 0"));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(ItemIndexBuilderTest, MakesTheSameFileWithAnyNumberOfThreads) {
  const std::vector<float> embeddings = ClusteredUnitVectors(2000, 12, 10, 1);
  ASSERT_TRUE(BuildItemIndex(embeddings, 12, {.threads = 1}, path_).ok());
  const std::string one = *ReadFile(path_);
  ASSERT_TRUE(BuildItemIndex(embeddings, 12, {.threads = 3}, path_).ok());
  EXPECT_EQ(*ReadFile(path_), one);
}

TEST_F(ItemIndexBuilderTest, MakesAsManyListsAsAskedForButNoMoreThanItems) {
  const std::vector<float> embeddings = ClusteredUnitVectors(100, 4, 5, 1);
  for (const auto& [asked, made] : {std::pair(7, 7), std::pair(1000, 100)}) {
    ASSERT_TRUE(BuildItemIndex(embeddings, 4, {.lists = static_cast<size_t>(asked)}, path_).ok());
    EXPECT_EQ((*ItemIndex::Load(path_, embeddings, 4))->list_count(), static_cast<uint32_t>(made));
  }
}

TEST_F(ItemIndexBuilderTest, MeasuresTheBreadthThatTheRecallAskedForTakes) {
  constexpr size_t kItems = 6000, kDim = 32, kK = 50;
  const std::vector<float> embeddings = ClusteredUnitVectors(kItems, kDim, 3, 1);
  float last_breadth = -1;
  for (double target : {0.5, 0.98}) {
    ASSERT_TRUE(
        BuildItemIndex(embeddings, kDim, {.target_recall = target, .candidate_count = kK}, path_)
            .ok());
    const auto index = *ItemIndex::Load(path_, embeddings, kDim);
    EXPECT_GT(index->breadth(), last_breadth);
    last_breadth = index->breadth();
    // On the very queries that were measured: the items, every 30th.
    double found = 0, queries = 0;
    for (size_t q = 0; q < kItems; q += 30, ++queries) {
      const auto query = std::span(embeddings).subspan(q * kDim, kDim);
      const float least = SearchExactly(embeddings, kDim, query, {}, kK).back().score;
      for (const ScoredItem& item : index->Search(query, {}, kK)) found += item.score >= least;
    }
    EXPECT_GE(found / queries / kK, target - 0.02);
  }
}

}  // namespace
}  // namespace shortlist
