#include "features/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "common/parallel.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

class CatalogTest : public testing::Test {
 protected:
  absl::StatusOr<Catalog> WriteAndOpen(WorkerPool* pool = nullptr) {
    if (absl::Status status = WriteCatalog(data_, path_); !status.ok()) return status;
    return Catalog::Open(path_, pool);
  }
  // Whoever looks at the items.
  void ExpectRefused(std::string_view reason) {
    WorkerPool three(3);
    for (WorkerPool* const pool : {static_cast<WorkerPool*>(nullptr), &three}) {
      const auto catalog = WriteAndOpen(pool);
      EXPECT_EQ(catalog.status().code(), absl::StatusCode::kDataLoss);
      EXPECT_THAT(std::string(catalog.status().message()),
                  testing::AllOf(testing::HasSubstr(path_.string()),
                                 testing::HasSubstr(std::string(reason))));
    }
  }

  const TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "catalog.arr";
  CatalogData data_ = MakeSyntheticDataset().items;
};

TEST_F(CatalogTest, ReturnsWhatWasWritten) {
  data_.liked_counts.assign(data_.ids.size(), 0);
  data_.liked_counts[6] = 3;
  const auto catalog = WriteAndOpen();
  ASSERT_TRUE(catalog.ok()) << catalog.status();
  ASSERT_EQ(catalog->item_count(), data_.ids.size());
  EXPECT_EQ(catalog->id(5), "i5");
  EXPECT_EQ(catalog->title(5), "Item 5");
  EXPECT_EQ(catalog->FindItem("i77"), 77);
  EXPECT_EQ(catalog->FindItem("i777"), std::nullopt);
  EXPECT_THAT(catalog->codes(6),
              testing::ElementsAreArray(data_.codes.begin() + 12, data_.codes.begin() + 14));
  EXPECT_EQ(catalog->numbers(1)[6], data_.numbers[0][6]);
  EXPECT_EQ(catalog->liked_counts()[6], 3);
  EXPECT_EQ(catalog->interaction_counts()[6], data_.interaction_counts[6]);
}

TEST_F(CatalogTest, OrdersItemsByNumberLargestFirst) {
  data_.numbers[0].assign(data_.ids.size(), 1990);
  data_.numbers[0][3] = NAN;
  data_.numbers[0][7] = data_.numbers[0][5] = 2001;
  data_.numbers[0][9] = 2002;
  const Catalog catalog = WriteAndOpen().value();
  const std::span<const ItemRow> largest = catalog.largest(*catalog.schema().FindField("year"));
  ASSERT_EQ(largest.size(), data_.ids.size() - 1);
  EXPECT_THAT(largest.first(5), testing::ElementsAre(9, 5, 7, 0, 1));
  EXPECT_EQ(std::find(largest.begin(), largest.end(), 3), largest.end());
  EXPECT_TRUE(catalog.largest(*catalog.schema().FindField("genre")).empty());
}

TEST_F(CatalogTest, ItemsMayHaveNoTitles) {
  data_.titles.clear();
  const auto catalog = WriteAndOpen();
  ASSERT_TRUE(catalog.ok()) << catalog.status();
  EXPECT_EQ(catalog->title(5), "");
}

TEST_F(CatalogTest, CodesOutOfRangeAreRefused) {
  data_.codes[7] = 1000;
  ExpectRefused("code");
}

TEST_F(CatalogTest, CodesThatDoNotAscendWithinAnItemAreRefused) {
  std::swap(data_.codes[6], data_.codes[7]);
  ExpectRefused("ascend");
}

TEST_F(CatalogTest, IdsThatAreNotUniqueOrEmptyAreRefused) {
  data_.ids[7] = data_.ids[3];
  ExpectRefused("id");
  data_.ids[7] = "";
  ExpectRefused("id");
}

TEST_F(CatalogTest, OffsetsThatDoNotAscendAreRefused) {
  data_.code_offsets[3] = 1;
  ExpectRefused("offsets");
}

TEST_F(CatalogTest, TitlesThatDoNotMatchTheItemsAreRefused) {
  data_.titles.pop_back();
  ExpectRefused("titles");
}

TEST_F(CatalogTest, EmptyCatalogIsRefused) {
  data_ = {};
  data_.code_offsets = {0};
  ExpectRefused("empty");
}

}  // namespace
}  // namespace shortlist
