#include "retrieval/index/item_index.h"
#include "retrieval/index/item_index_builder.h"
#include "retrieval/index/item_index_file.h"

#include <cmath>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/array_file.h"
#include "common/files.h"
#include "common/parallel.h"
#include "retrieval/index/exact_search.h"
#include "tests/support/damage/rewritten_item_index.h"
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
  std::filesystem::path path_ = folder_ / "items.index";
};

TEST_F(ItemIndexTest, FindsMostOfWhatExactSearchFinds) {
  constexpr size_t kItems = 8'000, kDim = 24, kQueries = 50, kK = 50;
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
  constexpr size_t kItems = 45'000, kDim = 8, kQueries = 20, kK = 20;
  std::vector<float> items = ClusteredUnitVectors(kItems, kDim, 50, 2);
  auto index = Build(items, kDim);
  // Half and two thirds: more than are all scored, and either way of leaving out the others.
  for (uint32_t share : {2, 3}) {
    Roaring allowed;
    for (uint32_t row = 0; row < kItems; ++row)
      if ((row % share == 0) == (share == 2)) allowed.add(row);
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
  for (int round = 0; round < 15; ++round) {
    size_t items = size_t{1} << random() % 14;
    items += random() % items;
    size_t dim = 1 + random() % 20;
    // Few clusters without spread are many equal vectors.
    std::vector<float> embeddings =
        ClusteredUnitVectors(items, dim, 1 + random() % 5, random(), round % 3 == 0 ? 0.0F : 0.5F);
    auto index = Build(embeddings, dim);
    for (int search = 0; search < 12; ++search) {
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

TEST_F(ItemIndexTest, IsExactWhenFewItemsPass) {
  constexpr size_t kItems = 25'000, kDim = 24, kK = 100;
  std::vector<float> items = ClusteredUnitVectors(kItems + 50, kDim, 50, 13);
  const auto queries = std::span<const float>(items).subspan(kItems * kDim);
  const auto embeddings = std::span<const float>(items).first(kItems * kDim);
  ASSERT_TRUE(BuildItemIndex(embeddings, kDim, {}, path_).ok());
  auto index = *ItemIndex::Load(path_, embeddings, kDim);
  for (uint32_t share : {5, 50, 500}) {
    // The same items, said in both ways.
    Roaring rows, positions;
    for (uint32_t row = 0; row < kItems; row += share) {
      rows.add(row);
      positions.add(index->order().positions[row]);
    }
    for (size_t q = 0; q < 50; ++q) {
      const auto query = queries.subspan(q * kDim, kDim);
      const auto exact = SearchExactly(embeddings, kDim, query, ItemFilter(rows), kK);
      ASSERT_EQ(index->Search(query, ItemFilter(rows), kK), exact);
      ASSERT_EQ(index->Search(query, ItemFilter(positions, &index->order()), kK), exact);
    }
  }
}

TEST_F(ItemIndexTest, IsExactWithInfiniteBreadth) {
  constexpr size_t kItems = 25'000, kDim = 24, kK = 100;
  std::vector<float> items = ClusteredUnitVectors(kItems, kDim, 50, 14);
  auto index = Build(items, kDim);
  Roaring most;
  for (uint32_t row = 0; row < kItems; ++row)
    if (row % 7 != 0) most.add(row);
  Roaring half;
  for (uint32_t row = 0; row < kItems; row += 2) half.add(row);
  for (const ItemFilter& filter : {ItemFilter(), ItemFilter(most), ItemFilter(half)}) {
    for (size_t q = 0; q < 20; ++q) {
      const std::vector<float> query = ClusteredUnitVectors(1, kDim, 1, q);
      std::vector<ScoredItem> found(kK);
      ASSERT_EQ(
          index->Search(query, filter, {.breadth = std::numeric_limits<float>::infinity()}, found),
          kK);
      ASSERT_EQ(found, SearchExactly(items, kDim, query, filter, kK));
    }
  }
}

TEST_F(ItemIndexTest, IsNotShortWhenOnlyItemsFarFromTheQueryPass) {
  constexpr size_t kItems = 45'000, kDim = 8, kK = 10;
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

TEST_F(ItemIndexTest, FindsFewItemsAsWellAsMany) {
  constexpr size_t kItems = 30'000, kDim = 16, kQueries = 60;
  std::vector<float> items = ClusteredUnitVectors(kItems + kQueries, kDim, 100, 12);
  const std::vector<float> queries(items.begin() + kItems * kDim, items.end());
  items.resize(kItems * kDim);
  auto index = Build(items, kDim);
  auto recall = [&](size_t k) {
    size_t common = 0;
    for (size_t q = 0; q < kQueries; ++q) {
      const auto query = std::span(queries).subspan(q * kDim, kDim);
      std::vector<ScoredItem> found(k);
      index->Search(query, {}, {.breadth = 0.5F, .pool = 2.0F}, found);
      common += Common(found, SearchExactly(items, kDim, query, {}, k));
    }
    return static_cast<double>(common) / static_cast<double>(kQueries * k);
  };
  EXPECT_GE(recall(400), 0.95);
  EXPECT_GE(recall(50), 0.99);
  EXPECT_GE(recall(10), 0.99);
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

TEST_F(ItemIndexTest, IsTheSameFileWhateverTheNumberOfThreads) {
  std::vector<float> items = ClusteredUnitVectors(5000, 8, 10, 5);
  Build(items, 8, 1);
  std::string first = *ReadFile(path_);
  Build(items, 8, 3);
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

TEST_F(ItemIndexTest, RefusesMoreDimensionsThanItsSumsHaveRoomFor) {
  const std::vector<float> items(8193, 0.01F);
  Build(std::vector<float>(8192, 0.01F), 8192);
  for (const absl::Status& status :
       {BuildItemIndex(items, 8193, {}, path_), ItemIndex::Load(path_, items, 8193).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("8192"));
  }
}

TEST_F(ItemIndexTest, ReportsThatItReadNothingWhereNothingIsAskedForOrPasses) {
  const std::vector<float> items = ClusteredUnitVectors(100, 4, 4, 16);
  auto index = Build(items, 4);
  const auto query = std::span<const float>(items).first(4);
  std::vector<ScoredItem> found(10);
  size_t bytes = 1;
  EXPECT_EQ(index->Search(query, {}, {.bytes_read = &bytes}, {}), 0);
  EXPECT_EQ(bytes, 0);
  bytes = 1;
  EXPECT_EQ(index->Search(query, ItemFilter(Roaring()), {.bytes_read = &bytes}, found), 0);
  EXPECT_EQ(bytes, 0);
}

TEST_F(ItemIndexTest, ReportsAFileItCannotWriteOrRead) {
  std::vector<float> items = {1, 0};
  absl::Status status = BuildItemIndex(items, 2, {}, "/nonexistent/items.index");
  EXPECT_THAT(std::string(status.message()), HasSubstr("/nonexistent/items.index"));
  auto index = ItemIndex::Load("/nonexistent/items.index", items, 2);
  EXPECT_THAT(std::string(index.status().message()), HasSubstr("/nonexistent/items.index"));
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

TEST_F(ItemIndexTest, RefusesATruncatedFileAndNamesIt) {
  std::vector<float> items = ClusteredUnitVectors(30, 3, 4, 7);
  Build(items, 3);
  std::string content = *ReadFile(path_);
  for (size_t size = 0; size < content.size(); size += size < 4096 ? 41 : 13) {
    auto index = ItemIndex::Load(folder_.Write("cut.index", content.substr(0, size)), items, 3);
    ASSERT_FALSE(index.ok()) << size;
    ASSERT_THAT(std::string(index.status().message()), HasSubstr("cut.index"));
  }
}

TEST_F(ItemIndexTest, RefusesFlippedBitsOfItsArrays) {
  std::vector<float> items = ClusteredUnitVectors(200, 2, 4, 8);
  Build(items, 2);
  std::string content = *ReadFile(path_);
  auto index = *ItemIndex::Load(path_, items, 2);
  std::mt19937_64 random(8);
  for (int round = 0; round < 600; ++round) {
    std::string changed = content;
    // Bits of the beginning, then bits anywhere.
    size_t bit = random() % (round < 300 ? 300 : content.size() * 8);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    auto damaged = ItemIndex::Load(folder_.Write("flip.index", changed), items, 2);
    if (damaged.ok()) {
      // The bit is padding between arrays, or of a directory entry: it means nothing.
      auto query = std::span<const float>(items).first(2);
      EXPECT_EQ(Rows((*damaged)->Search(query, {}, 50)), Rows(index->Search(query, {}, 50)));
    } else {
      EXPECT_THAT(std::string(damaged.status().message()), HasSubstr("flip.index"));
    }
  }
}

// A file whose checksum is right, but whose content is not.
TEST_F(ItemIndexTest, RefusesListsAndRowsThatWouldBeReadOutOfBounds) {
  std::vector<float> items = ClusteredUnitVectors(300, 4, 4, 10);
  Build(items, 4);
  auto index = *ItemIndex::Load(path_, items, 4);
  ArrayFile file = *ArrayFile::Open(path_);
  namespace names = item_index_file;
  auto load_with = [&](std::string_view changed_array, size_t position, auto value) {
    auto change = [&](std::string_view name, auto& values) {
      using Value = typename std::decay_t<decltype(values)>::value_type;
      if (name == changed_array) values[position] = static_cast<Value>(value);
    };
    EXPECT_TRUE(RewriteItemIndex(file, items, 4, change, folder_ / "wrong.index").ok());
    return ItemIndex::Load(folder_ / "wrong.index", items, 4).status();
  };
  ASSERT_TRUE(load_with("", 0, 0).ok());
  const absl::Status faults[] = {
      load_with(names::kShape, 0, 1),
      load_with(names::kShape, 1, 299),
      load_with(names::kShape, 2, 5),
      load_with(names::kShape, 3, 1000),
      load_with(names::kSettings, 0, 0),
      load_with(names::kSettings, 1, NAN),
      load_with(names::kSettings, 2, -1),
      load_with(names::kSettings, 3, 0.5),
      load_with(names::kSettings, 3, NAN),
      load_with(names::kSettings, 0, 1e-30),
      load_with(names::kSettings, 1, 1e30),
      load_with(names::kSteps, 0, 0),
      load_with(names::kSteps, 0, 1e30),
      load_with(names::kErrors, 0, NAN),
      load_with(names::kFirstErrors, 0, -1),
      load_with(names::kListBegins, 0, 1),
      load_with(names::kListBegins, 1, 1000),
      load_with(names::kSpreads, 0, NAN),
      load_with(names::kRows, 5, 300),
      load_with(names::kRows, 5, (*file.Get<uint32_t>(names::kRows))[6]),
      load_with(names::kPositions, 5, 300),
  };
  for (const absl::Status& status : faults) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), HasSubstr("wrong.index"));
  }
}

TEST_F(ItemIndexTest, ReachesTheRecallItWasBuiltForOnQueriesLikeThoseItWasMeasuredWith) {
  constexpr size_t kItems = 8'000, kDim = 16, kK = 100;
  std::vector<float> all = ClusteredUnitVectors(kItems + 600, kDim, 100, 11);
  std::span<const float> items = std::span(all).first(kItems * kDim);
  std::span<const float> queries = std::span(all).subspan(kItems * kDim);
  float last_breadth = 0, last_pool = 0;
  for (double target : {0.8, 0.95, 0.99}) {
    ItemIndexOptions options;
    options.target_recall = target;
    options.candidate_count = kK;
    options.queries = queries.first(300 * kDim);
    ASSERT_TRUE(BuildItemIndex(items, kDim, options, path_).ok());
    auto index = *ItemIndex::Load(path_, items, kDim);
    EXPECT_GE(index->breadth(), last_breadth);
    EXPECT_GE(index->pool(), last_pool);
    last_breadth = index->breadth();
    last_pool = index->pool();
    size_t common = 0;
    for (size_t q = 300; q < 600; ++q) {
      auto query = queries.subspan(q * kDim, kDim);
      common += Common(index->Search(query, {}, kK), SearchExactly(items, kDim, query, {}, kK));
    }
    EXPECT_GE(static_cast<double>(common), (target - 0.02) * 300 * kK);
  }
}

// As deleted items leave them behind. Searched with a zero, any answer is the best.
TEST_F(ItemIndexTest, ReachesItsRecallWhenMostOfTheItemsAreZeros) {
  constexpr size_t kZeros = 18'000, kItems = 2'000, kDim = 16, kK = 50;
  std::vector<float> items(kZeros * kDim, 0.0F);
  const std::vector<float> others = ClusteredUnitVectors(kItems, kDim, 100, 15, 2.0F);
  items.insert(items.end(), others.begin(), others.end());
  ItemIndexOptions options;
  options.target_recall = 0.9;
  options.candidate_count = kK;
  ASSERT_TRUE(BuildItemIndex(items, kDim, options, path_).ok());
  auto index = *ItemIndex::Load(path_, items, kDim);
  size_t common = 0;
  for (size_t q = 0; q < 100; ++q) {
    const auto query = std::span<const float>(others).subspan(q * kDim, kDim);
    common += Common(index->Search(query, {}, kK), SearchExactly(items, kDim, query, {}, kK));
  }
  EXPECT_GE(static_cast<double>(common), (options.target_recall - 0.02) * 100 * kK);
}

TEST_F(ItemIndexTest, RefusesARecallOrANumberOfCandidatesThatCannotBe) {
  const std::vector<float> items = {1, 0};
  for (double recall : {0.0, 1.1, std::nan("")}) {
    const absl::Status status = BuildItemIndex(items, 2, {.target_recall = recall}, path_);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("target_recall"));
  }
  const absl::Status status = BuildItemIndex(items, 2, {.candidate_count = 0}, path_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("candidate_count"));
}

TEST_F(ItemIndexTest, MayBeSearchedByManyThreadsAtOnce) {
  constexpr size_t kItems = 42'000, kDim = 8;
  std::vector<float> items = ClusteredUnitVectors(kItems, kDim, 50, 12);
  auto index = Build(items, kDim);
  auto search = [&](size_t q) {
    Roaring odd;
    for (uint32_t row = 1; row < kItems; row += 2) odd.add(row);
    auto query = std::span<const float>(items).subspan(q * kDim, kDim);
    return Rows(index->Search(query, q % 2 == 0 ? ItemFilter() : ItemFilter(odd), 100));
  };
  std::vector<std::set<ItemRow>> expected, found(100);
  for (size_t q = 0; q < found.size(); ++q) expected.push_back(search(q));
  WorkerPool(4).ForEach(found.size(), [&](size_t q) { found[q] = search(q); });
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace shortlist
