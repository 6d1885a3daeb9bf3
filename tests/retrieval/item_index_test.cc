#include "retrieval/item_index.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "retrieval/exact_search.h"
#include "tests/support/random_vectors.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

std::set<ItemRow> Rows(const std::vector<ScoredItem>& items) {
  std::set<ItemRow> rows;
  for (const ScoredItem& item : items) rows.insert(item.item);
  return rows;
}

size_t Common(const std::vector<ScoredItem>& found, const std::vector<ScoredItem>& exact) {
  std::set<ItemRow> expected = Rows(exact);
  size_t common = 0;
  for (ItemRow row : Rows(found)) common += expected.contains(row);
  return common;
}

class ItemIndexTest : public ::testing::Test {
 protected:
  std::unique_ptr<ItemIndex> Build(const std::vector<float>& embeddings, size_t dim,
                                   size_t threads = 0) {
    ItemIndexOptions options;
    options.threads = threads;
    absl::Status status = BuildItemIndex(embeddings, dim, options, path_);
    EXPECT_TRUE(status.ok()) << status;
    auto index = ItemIndex::Load(path_, embeddings, dim);
    EXPECT_TRUE(index.ok()) << index.status();
    return *std::move(index);
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "items.hnsw";
};

TEST_F(ItemIndexTest, FindsMostOfWhatExactSearchFinds) {
  constexpr size_t kItems = 20'000, kDim = 24, kQueries = 50, kK = 50;
  std::vector<float> items = ClusteredUnitVectors(kItems + kQueries, kDim, 50, 1);
  std::vector<float> queries(items.end() - kQueries * kDim, items.end());
  items.resize(kItems * kDim);
  auto index = Build(items, kDim);
  size_t common = 0;
  for (size_t q = 0; q < kQueries; ++q) {
    auto query = std::span<const float>(queries).subspan(q * kDim, kDim);
    common += Common(index->Search(query, {}, kK), SearchExactly(items, kDim, query, {}, kK));
  }
  EXPECT_GE(static_cast<double>(common), 0.95 * kQueries * kK);
}

TEST_F(ItemIndexTest, FindsMostOfWhatExactSearchFindsUnderAFilter) {
  constexpr size_t kItems = 20'000, kDim = 16, kQueries = 30, kK = 20;
  std::vector<float> items = ClusteredUnitVectors(kItems, kDim, 50, 2);
  auto index = Build(items, kDim);
  for (uint32_t share : {2, 5}) {
    Roaring allowed;
    for (uint32_t row = 0; row < kItems; row += share) allowed.add(row);
    size_t common = 0;
    for (size_t q = 0; q < kQueries; ++q) {
      auto query = std::span<const float>(items).subspan(q * kDim, kDim);
      ItemFilter filter(allowed);
      filter.Exclude(std::vector<ItemRow>{static_cast<ItemRow>(q)});
      common +=
          Common(index->Search(query, filter, kK), SearchExactly(items, kDim, query, filter, kK));
    }
    EXPECT_GE(static_cast<double>(common), 0.95 * kQueries * kK) << share;
  }
}

// Whatever the catalog, the filter and the exclusions.
TEST_F(ItemIndexTest, ReturnsExactlyKWhenKPassTheFilter) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 40; ++round) {
    size_t items = size_t{1} << random() % 14;
    items += random() % items;
    size_t dim = 1 + random() % 20;
    // Few clusters without spread are many equal vectors: the graph falls apart there.
    std::vector<float> embeddings =
        ClusteredUnitVectors(items, dim, 1 + random() % 5, random(), round % 3 == 0 ? 0.0F : 0.5F);
    auto index = Build(embeddings, dim);
    for (int search = 0; search < 20; ++search) {
      ItemFilter filter;
      if (search % 4 != 0) {
        Roaring allowed;
        uint64_t share = uint64_t{1} << random() % 8;
        for (uint32_t row = 0; row < items; ++row)
          if (random() % share == 0) allowed.add(row);
        filter = ItemFilter(allowed);
      }
      std::vector<ItemRow> excluded(random() % 2 * (random() % items));
      for (ItemRow& row : excluded) row = static_cast<ItemRow>(random() % items);
      filter.Exclude(excluded);
      size_t k = size_t{1} << random() % 12;

      std::vector<float> query = ClusteredUnitVectors(1, dim, 1, random());
      std::vector<ScoredItem> found = index->Search(query, filter, k);
      size_t passing = filter.PassingCount(static_cast<uint32_t>(items));
      ASSERT_EQ(found.size(), std::min(k, passing)) << items << " items, k " << k;
      ASSERT_EQ(Rows(found).size(), found.size()) << "an item came twice";
      ASSERT_TRUE(std::is_sorted(found.begin(), found.end(), RanksBefore));
      for (const ScoredItem& item : found) ASSERT_TRUE(filter.Passes(item.item));
    }
  }
}

TEST_F(ItemIndexTest, IsNotShortWhenOnlyItemsFarFromTheQueryPass) {
  constexpr size_t kItems = 20'000, kDim = 8, kK = 10;
  std::vector<float> items = ClusteredUnitVectors(kItems, kDim, 2, 9, 0.1F);
  auto index = Build(items, kDim);
  auto query = std::span<const float>(items).first(kDim);
  Roaring allowed;
  for (const ScoredItem& item : SearchExactly(items, kDim, query, {}, kItems))
    if (item.score < 0.5F) allowed.add(item.item);
  ASSERT_GT(allowed.cardinality(), kItems / 4);
  EXPECT_EQ(Rows(index->Search(query, ItemFilter(allowed), kK)),
            Rows(SearchExactly(items, kDim, query, ItemFilter(allowed), kK)));
}

TEST_F(ItemIndexTest, GivesTheScoresOfExactSearch) {
  constexpr size_t kItems = 10'000, kDim = 12;
  std::vector<float> items = ClusteredUnitVectors(kItems, kDim, 20, 4);
  auto index = Build(items, kDim);
  auto query = std::span<const float>(items).first(kDim);
  std::vector<ScoredItem> found = index->Search(query, {}, 10);
  std::vector<ScoredItem> exact = SearchExactly(items, kDim, query, {}, 10);
  ASSERT_EQ(found[0].item, exact[0].item);
  EXPECT_EQ(found[0].score, exact[0].score);
}

TEST_F(ItemIndexTest, IsReproducibleWithOneThread) {
  std::vector<float> items = ClusteredUnitVectors(2000, 8, 10, 5);
  Build(items, 8, 1);
  std::string first = *ReadFile(path_);
  Build(items, 8, 1);
  EXPECT_EQ(first, *ReadFile(path_));
}

TEST_F(ItemIndexTest, WorksWithOneItemAndWithNone) {
  std::vector<float> query = {1, 0};
  EXPECT_EQ(Build({0.6F, 0.8F}, 2)->Search(query, {}, 5).size(), 1);
  EXPECT_TRUE(Build({}, 2)->Search(query, {}, 5).empty());
}

TEST_F(ItemIndexTest, RefusesEmbeddingsThatAreNoMatrixOrNotFinite) {
  EXPECT_FALSE(BuildItemIndex(std::vector<float>{1, 2, 3}, 2, {}, path_).ok());
  EXPECT_FALSE(BuildItemIndex({}, 0, {}, path_).ok());
  EXPECT_FALSE(BuildItemIndex(std::vector<float>{1, NAN}, 2, {}, path_).ok());
}

TEST_F(ItemIndexTest, ReportsAFileItCannotWriteOrRead) {
  std::vector<float> items = {1, 0};
  absl::Status status = BuildItemIndex(items, 2, {}, "/nonexistent/items.hnsw");
  EXPECT_THAT(std::string(status.message()), HasSubstr("/nonexistent/items.hnsw"));
  auto index = ItemIndex::Load("/nonexistent/items.hnsw", items, 2);
  EXPECT_THAT(std::string(index.status().message()), HasSubstr("/nonexistent/items.hnsw"));
}

TEST_F(ItemIndexTest, RefusesAnIndexOfOtherEmbeddings) {
  std::vector<float> items = ClusteredUnitVectors(100, 8, 10, 6);
  Build(items, 8);
  EXPECT_FALSE(ItemIndex::Load(path_, std::span(items).first(99 * 8), 8).ok());
  EXPECT_FALSE(ItemIndex::Load(path_, items, 4).ok());
  items[17] += 1;
  auto index = ItemIndex::Load(path_, items, 8);
  ASSERT_FALSE(index.ok());
  EXPECT_THAT(std::string(index.status().message()), HasSubstr("other embeddings"));
}

TEST_F(ItemIndexTest, RefusesEveryTruncationAndNamesTheFile) {
  std::vector<float> items = ClusteredUnitVectors(30, 3, 4, 7);
  Build(items, 3);
  std::string content = *ReadFile(path_);
  for (size_t size = 0; size < content.size(); ++size) {
    auto index = ItemIndex::Load(folder_.Write("cut.hnsw", content.substr(0, size)), items, 3);
    ASSERT_FALSE(index.ok()) << size;
    ASSERT_THAT(std::string(index.status().message()), HasSubstr("cut.hnsw"));
  }
}

TEST_F(ItemIndexTest, RefusesOrSurvivesEveryFlippedBit) {
  std::vector<float> items = ClusteredUnitVectors(100, 2, 4, 8);
  Build(items, 2);
  std::string content = *ReadFile(path_);
  std::mt19937_64 random(8);
  for (int round = 0; round < 3000; ++round) {
    std::string changed = content;
    // Every bit of the header, then bits anywhere.
    size_t bit = round < 100 * 8 ? static_cast<size_t>(round) : random() % (content.size() * 8);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    auto index = ItemIndex::Load(folder_.Write("flip.hnsw", changed), items, 2);
    // Some links can point to another node and the index still be sound; memory must stay so, as
    // the address sanitizer confirms.
    if (index.ok()) {
      EXPECT_EQ((*index)->Search(std::span(items).first(2), {}, 2).size(), 2);
    } else {
      EXPECT_THAT(std::string(index.status().message()), HasSubstr("flip.hnsw"));
    }
  }
}

}  // namespace
}  // namespace shortlist
