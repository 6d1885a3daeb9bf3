#include "retrieval/item_similarity.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ItemSimilarityTest : public ::testing::Test {
 protected:
  absl::StatusOr<ItemSimilarity> WriteAndOpen(const ItemSimilarityData& data, uint32_t items) {
    RETURN_IF_ERROR(WriteItemSimilarity(data, folder_ / "similarity.arr"));
    return ItemSimilarity::Open(folder_ / "similarity.arr", items);
  }
  TemporaryFolder folder_;
};

TEST_F(ItemSimilarityTest, GivesNeighboursWithoutThePadding) {
  auto table = WriteAndOpen({.neighbours = 2,
                             .items = {1, 2, 0, kNoItem, kNoItem, kNoItem},
                             .scores = {0.9F, 0.5F, 0.9F, 0, 0, 0},
                             .weights = {1, 0.5F}},
                            3);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->neighbours(0), ElementsAre(1, 2));
  EXPECT_THAT(table->scores(0), ElementsAre(0.9F, 0.5F));
  EXPECT_THAT(table->neighbours(1), ElementsAre(0));
  EXPECT_THAT(table->scores(1), ElementsAre(0.9F));
  EXPECT_THAT(table->neighbours(2), IsEmpty());
  EXPECT_THAT(table->weights(), ElementsAre(1, 0.5F));
}

TEST_F(ItemSimilarityTest, MayHaveNoNeighboursAtAll) {
  auto table = WriteAndOpen({}, 3);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->neighbours(2), IsEmpty());
}

TEST_F(ItemSimilarityTest, RefusesATableThatIsNotOfThisCatalogAndNamesTheFile) {
  const absl::Status faults[] = {
      WriteAndOpen({.neighbours = 1, .items = {3, 0, 1}, .scores = {1, 1, 1}, .weights = {}}, 3)
          .status(),
      WriteAndOpen({.neighbours = 1, .items = {1, 0}, .scores = {1, 1}, .weights = {}}, 3).status(),
      WriteAndOpen(
          {.neighbours = 2, .items = {kNoItem, 1, 0, 1}, .scores = {0, 1, 1, 1}, .weights = {}}, 2)
          .status(),
      WriteAndOpen({.neighbours = 1, .items = {1, 0}, .scores = {1, -1}, .weights = {}}, 2)
          .status(),
      WriteAndOpen({.neighbours = 1,
                    .items = {1, 0},
                    .scores = {1, 1},
                    .weights = {std::numeric_limits<float>::infinity()}},
                   2)
          .status(),
      WriteAndOpen({.neighbours = 1,
                    .items = {1, 0},
                    .scores = {1, std::numeric_limits<float>::quiet_NaN()},
                    .weights = {}},
                   2)
          .status(),
  };
  for (const absl::Status& status : faults) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), HasSubstr("similarity.arr"));
  }
}

TEST_F(ItemSimilarityTest, DoesNotWriteATableThatIsNotRectangular) {
  EXPECT_FALSE(WriteItemSimilarity({.neighbours = 2, .items = {1}, .scores = {1}, .weights = {}},
                                   folder_ / "x.arr")
                   .ok());
  EXPECT_FALSE(WriteItemSimilarity({.neighbours = 1, .items = {1}, .scores = {}, .weights = {}},
                                   folder_ / "x.arr")
                   .ok());
}

}  // namespace
}  // namespace shortlist
