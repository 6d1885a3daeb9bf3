#include "retrieval/index/live_item_index.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "common/vector_kernels.h"
#include "tests/support/random_vectors.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using View = LiveItemIndex::View;

constexpr size_t kDim = 12;

std::vector<float> RandomVector(std::mt19937_64& random) {
  return ClusteredUnitVectors(1, kDim, 1, random());
}

std::vector<ScoredItem> ExactSearch(const View& view, std::span<const float> query,
                                    const ItemFilter& filter, size_t k) {
  std::vector<ScoredItem> all;
  for (ItemRow row = 0; row < view.row_count(); ++row) {
    const std::span<const float> vector = view.Vector(row);
    if (!vector.empty() && filter.Passes(row))
      all.push_back({row, DotProduct(query.data(), vector.data(), kDim)});
  }
  std::sort(all.begin(), all.end(), RanksBefore);
  all.resize(std::min(k, all.size()));
  return all;
}

std::vector<ItemRow> Rows(const std::vector<ScoredItem>& items) {
  std::vector<ItemRow> rows;
  for (const ScoredItem& item : items) rows.push_back(item.item);
  std::sort(rows.begin(), rows.end());
  return rows;
}

class LiveItemIndexTest : public ::testing::Test {
 protected:
  std::unique_ptr<LiveItemIndex> Create(size_t items, uint64_t seed) {
    ItemIndexOptions options;
    options.threads = 1;
    // Approximate searches are then close to exact ones; none is short in any case.
    options.target_recall = 0.999;
    options.candidate_count = 50;
    auto index = LiveItemIndex::Create(folder_.path(), ClusteredUnitVectors(items, kDim, 20, seed),
                                       kDim, options);
    EXPECT_TRUE(index.ok()) << index.status();
    return *std::move(index);
  }
  static void Apply(LiveItemIndex& index, const std::vector<ItemChange>& changes) {
    const absl::Status status = index.Apply(changes);
    ASSERT_TRUE(status.ok()) << status;
  }

  TemporaryFolder folder_;
};

// Additions, updates, deletions and merges at random, against a plain map of what there is.
TEST_F(LiveItemIndexTest, IsWhatItsChangesMakeItAndNeverShort) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 4; ++round) {
    const size_t start = round == 0 ? 0 : random() % 3000;
    auto index = Create(start, random());
    std::vector<std::vector<float>> expected;
    for (ItemRow row = 0; row < start; ++row) {
      const auto vector = index->view()->Vector(row);
      expected.emplace_back(vector.begin(), vector.end());
    }
    for (int step = 0; step < 12; ++step) {
      std::vector<ItemChange> changes;
      for (size_t i = random() % 400; i > 0; --i) {
        const bool addition = expected.empty() || random() % 2 == 0;
        const auto row =
            static_cast<ItemRow>(addition ? expected.size() : random() % expected.size());
        const bool deletion = !addition && random() % 2 == 0;
        changes.push_back({row, deletion ? std::vector<float>() : RandomVector(random)});
        if (addition) expected.emplace_back();
        expected[row] = changes.back().vector;
      }
      Apply(*index, changes);
      if (step % 4 == 3) {
        const absl::Status merged = index->Merge();
        ASSERT_TRUE(merged.ok()) << merged;
        ASSERT_EQ(index->view()->delta_size(), 0);
      }

      const auto view = index->view();
      ASSERT_EQ(view->row_count(), expected.size());
      for (ItemRow row = 0; row < expected.size(); ++row)
        ASSERT_TRUE(std::ranges::equal(view->Vector(row), expected[row])) << row;
      for (size_t k : {1, 20, 5000}) {
        ItemFilter filter;
        if (k == 20) {
          Roaring third;
          for (ItemRow row = 0; row < expected.size(); row += 3) third.add(row);
          filter = ItemFilter(third);
        }
        filter.Exclude(std::vector<ItemRow>{0, 6, 7});
        const std::vector<float> query = RandomVector(random);
        const auto found = view->Search(query, filter, k);
        const auto exact = ExactSearch(*view, query, filter, k);
        ASSERT_EQ(found.size(), exact.size());
        ASSERT_TRUE(std::is_sorted(found.begin(), found.end(), RanksBefore));
        if (k == 5000) {
          ASSERT_EQ(found, exact);
        }
        for (const ScoredItem& item : found) {
          ASSERT_TRUE(filter.Passes(item.item));
          ASSERT_FALSE(expected[item.item].empty());
        }
      }
    }
  }
}

TEST_F(LiveItemIndexTest, FindsAdditionsExactly) {
  std::mt19937_64 random(2);
  auto index = Create(5'000, 2);
  std::vector<ItemChange> additions;
  for (ItemRow row = 5'000; row < 8'000; ++row) additions.push_back({row, RandomVector(random)});
  Apply(*index, additions);
  const auto view = index->view();
  EXPECT_EQ(view->delta_size(), 3000);
  for (int round = 0; round < 20; ++round) {
    const std::vector<float> query = RandomVector(random);
    const std::vector<ItemRow> found = Rows(view->Search(query, {}, 100));
    for (const ScoredItem& item : ExactSearch(*view, query, {}, 100)) {
      EXPECT_TRUE(item.item < 5'000 || std::ranges::binary_search(found, item.item));
    }
  }
}

TEST_F(LiveItemIndexTest, LetsNewRowsPassAFilterOfTheOldOrderWhenAllowed) {
  auto index = Create(100, 3);
  std::mt19937_64 random(3);
  Apply(*index, {{100, RandomVector(random)}, {101, RandomVector(random)}});
  const auto view = index->view();
  Roaring fifth;
  fifth.add(view->order().positions[5]);
  ItemFilter filter(fifth, &view->order());
  filter.Allow(std::vector<ItemRow>{101});
  EXPECT_THAT(Rows(view->Search(RandomVector(random), filter, 10)), ::testing::ElementsAre(5, 101));
}

TEST_F(LiveItemIndexTest, FindsOnlyWhatPassesAFilterThatKnowsOfNewRows) {
  auto index = Create(100, 3);
  std::mt19937_64 random(3);
  Apply(*index, {{100, RandomVector(random)}});
  // As many rows as the index has items, of which one is not in the index.
  Roaring all_but_the_first;
  all_but_the_first.addRange(1, 101);
  const auto found =
      Rows(index->view()->Search(RandomVector(random), ItemFilter(all_but_the_first), 200));
  EXPECT_EQ(found.size(), 100);
  EXPECT_EQ(found.front(), 1);
}

TEST_F(LiveItemIndexTest, MergesIntoAnIndexForTheQueriesThatTheFirstOneWasFor) {
  constexpr size_t kItems = 3000;
  ItemIndexOptions options;
  options.threads = 1;
  {
    const std::vector<float> queries = ClusteredUnitVectors(100, kDim, 1, 10, 0.3F);
    options.queries = queries;
    const auto items = ClusteredUnitVectors(kItems, kDim, 20, 9);
    auto index = *LiveItemIndex::Create(folder_.path(), items, kDim, options);
    const std::string first = *ReadFile(folder_ / "items.index.1");
    ASSERT_TRUE(index->Merge().ok());
    EXPECT_TRUE(*ReadFile(folder_ / "items.index.2") == first);
  }
}

TEST_F(LiveItemIndexTest, KeepsAViewAsItIs) {
  auto index = Create(500, 4);
  std::mt19937_64 random(4);
  const auto before = index->view();
  const std::vector<float> query = RandomVector(random);
  const auto found = before->Search(query, {}, 500);
  Apply(*index, {{0, {}}, {1, RandomVector(random)}, {500, RandomVector(random)}});
  ASSERT_TRUE(index->Merge().ok());
  EXPECT_EQ(before->Search(query, {}, 500), found);
  EXPECT_EQ(index->view()->Search(query, {}, 600).size(), 500);
}

TEST_F(LiveItemIndexTest, RefusesInvalidChangesWholeAndNamesThem) {
  auto index = Create(10, 5);
  std::mt19937_64 random(5);
  auto refuse = [&](ItemChange change, const std::string& message) {
    const absl::Status status = index->Apply(std::vector<ItemChange>{{3, {}}, std::move(change)});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("change 1, of row"));
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
  };
  refuse({11, RandomVector(random)}, "the next new row is 10");
  refuse({10, {}}, "no such row");
  refuse({2, {1, 2}}, "2 dimensions instead of 12");
  refuse({2, std::vector<float>(kDim, NAN)}, "not finite");
  EXPECT_FALSE(index->view()->Vector(3).empty());
}

TEST_F(LiveItemIndexTest, IsAsBeforeWhenAMergeFails) {
  auto index = Create(100, 6);
  std::mt19937_64 random(6);
  Apply(*index, {{100, RandomVector(random)}});
  const std::vector<float> query = RandomVector(random);
  const auto before = index->view()->Search(query, {}, 101);
  std::filesystem::remove_all(folder_.path());
  EXPECT_FALSE(index->Merge().ok());
  EXPECT_EQ(index->view()->Search(query, {}, 101), before);
  std::filesystem::create_directories(folder_.path());
  EXPECT_TRUE(index->Merge().ok());
  EXPECT_EQ(index->view()->Search(query, {}, 101), before);
}

TEST_F(LiveItemIndexTest, RemovesTheFilesOfIndexesThatNobodyHolds) {
  auto index = Create(100, 7);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(index->Merge().ok());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()),
                          std::filesystem::directory_iterator()),
            2);
}

// Every change moves a pair of items together. A search that saw half of one would find them apart.
TEST_F(LiveItemIndexTest, ShowsEverySearchAWholeStateWhileChangesAndMergesGoOn) {
  constexpr ItemRow kItems = 2000;
  auto index = Create(kItems, 8);
  std::atomic<bool> done = false;
  std::atomic<size_t> searches = 0, wrong = 0;
  std::vector<std::thread> searchers;
  for (uint64_t s = 0; s < 2; ++s) {
    searchers.emplace_back([&, s] {
      std::mt19937_64 random(100 + s);
      while (!done) {
        const auto view = index->view();
        const std::vector<float> query = RandomVector(random);
        const auto found = view->Search(query, {}, view->row_count());
        std::vector<float> score_of(view->row_count(), NAN);
        for (const ScoredItem& item : found) score_of[item.item] = item.score;
        for (ItemRow row = 0; row < 100; row += 2) {
          const float a = score_of[row], b = score_of[row + 1];
          // Never changed yet, changed together, or deleted together.
          const auto first = view->Vector(row), second = view->Vector(row + 1);
          wrong += first.empty() != std::isnan(a) || second.empty() != std::isnan(b);
          wrong += row < 50 && std::isnan(a) != std::isnan(b);
        }
        wrong += found != ExactSearch(*view, query, {}, view->row_count());
        ++searches;
      }
    });
  }
  std::mt19937_64 random(9);
  std::thread merger([&] {
    while (!done) EXPECT_TRUE(index->Merge().ok());
  });
  for (int change = 0; change < 300 || searches < 20; ++change) {
    const auto row = static_cast<ItemRow>(random() % 50 / 2 * 2);
    const std::vector<float> vector = change % 3 == 0 ? std::vector<float>() : RandomVector(random);
    Apply(*index, {{row, vector}, {row + 1, vector}});
  }
  done = true;
  merger.join();
  for (std::thread& searcher : searchers) searcher.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(searches, 20);
}

}  // namespace
}  // namespace shortlist
