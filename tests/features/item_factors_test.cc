#include "features/item_factors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

constexpr size_t kItems = 20;
constexpr size_t kDim = 124;

class ItemFactorsTest : public testing::Test {
 protected:
  ItemFactorsTest() {
    std::mt19937_64 random(3);
    std::normal_distribution<float> normal;
    for (std::vector<float>* table : {&data_.from, &data_.to})
      for (size_t i = 0; i < kItems * kDim; ++i) table->push_back(normal(random));
  }
  std::span<const float> RowOf(const std::vector<float>& table, ItemRow item) const {
    return std::span(table).subspan(item * kDim, kDim);
  }

  const TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "factors.arr";
  ItemFactorsData data_{.dim = kDim, .from = {}, .to = {}, .weights = {1, 0.5F}};
};

TEST_F(ItemFactorsTest, RowsAreAddedAsTheyWereEncoded) {
  const std::vector<float> numbers = {1, -0.5F, 0};
  std::vector<int8_t> row(FactorRowSize(3));
  EncodeFactors(numbers, row);
  EXPECT_TRUE(AreSoundFactors(row));
  std::vector<float> sum = {10, 10, 10};
  AddFactors(row, 2, sum);
  for (size_t d = 0; d < 3; ++d) EXPECT_NEAR(sum[d], 10 + 2 * numbers[d], 0.01);
  const float infinite = INFINITY;
  std::memcpy(row.data() + 3, &infinite, sizeof infinite);
  EXPECT_FALSE(AreSoundFactors(row));
}

TEST_F(ItemFactorsTest, ExpectWhatWasWrittenWithinTheErrorOfTheCodes) {
  ASSERT_TRUE(WriteItemFactors(data_, path_).ok());
  const auto factors = ItemFactors::Open(path_, kItems);
  ASSERT_TRUE(factors.ok()) << factors.status();
  EXPECT_EQ(factors->dim(), kDim);
  EXPECT_EQ(factors->from(3).size(), 128);
  EXPECT_THAT(factors->weights(), testing::ElementsAre(1, 0.5F));
  std::vector<float> query = factors->Query();
  factors->AddFrom(4, 1, query);
  factors->AddFrom(7, 0.5F, query);
  const auto first = RowOf(data_.from, 4), second = RowOf(data_.from, 7);
  for (size_t d = 0; d < kDim; ++d)
    EXPECT_NEAR(query[d], first[d] + 0.5F * second[d], 1.5F * 5 / 254) << d;
  for (ItemRow item = 0; item < kItems; ++item) {
    double expected = 0;
    for (size_t d = 0; d < kDim; ++d) expected += double{query[d]} * RowOf(data_.to, item)[d];
    // Errors of 124 codes, up to 5 / 254 each, add up at random.
    EXPECT_NEAR(factors->Products(query, {&item, 1})[0], expected, 0.5) << item;
  }
}

TEST_F(ItemFactorsTest, TheLargestNumberOfARowIsExactAndARowOfZerosIsZeros) {
  data_.to.assign(kItems * kDim, 0);
  data_.to[5 * kDim + 9] = -3.7F;
  ASSERT_TRUE(WriteItemFactors(data_, path_).ok());
  const auto factors = ItemFactors::Open(path_, kItems);
  ASSERT_TRUE(factors.ok()) << factors.status();
  std::vector<float> query = factors->Query();
  query[9] = 2;
  const std::vector<ItemRow> items = {6, 5};
  EXPECT_THAT(factors->Products(query, items), testing::ElementsAre(0, testing::FloatEq(-7.4F)));
}

TEST_F(ItemFactorsTest, NumbersThatAreNotFiniteAreNeitherWrittenNorRead) {
  data_.from[77] = NAN;
  EXPECT_EQ(WriteItemFactors(data_, path_).code(), absl::StatusCode::kInvalidArgument);
  std::vector<int8_t> rows(kItems * FactorRowSize(kDim)), bad(rows);
  const float infinite = INFINITY;
  std::memcpy(&bad[FactorRowSize(kDim) - sizeof infinite], &infinite, sizeof infinite);
  for (const bool from : {false, true}) {
    ASSERT_TRUE(
        WriteItemFactors(
            kDim, kItems, {1},
            [&](size_t at) { return std::span<const int8_t>(from ? bad : rows).subspan(at); },
            [&](size_t at) { return std::span<const int8_t>(from ? rows : bad).subspan(at); },
            path_)
            .ok());
    const absl::Status status = ItemFactors::Open(path_, kItems).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(path_.string()));
  }
}

}  // namespace
}  // namespace shortlist
