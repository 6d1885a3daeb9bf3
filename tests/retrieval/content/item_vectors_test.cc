#include "retrieval/content/item_vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ItemVectorsTest : public testing::Test {
 protected:
  absl::StatusOr<ItemVectors> Make(const std::vector<float>& vectors, uint32_t dim,
                                   uint32_t items) const {
    const absl::Status written = WriteItemVectors(vectors, dim, folder_ / "item_vectors.arr");
    EXPECT_TRUE(written.ok()) << written;
    return ItemVectors::Open(folder_ / "item_vectors.arr", items);
  }

  const TemporaryFolder folder_;
};

TEST_F(ItemVectorsTest, AreReadBackAsTheyWereGivenAndZerosAreNone) {
  const ItemVectors vectors = *Make({3, 4, 0, 0, -1, 1e30F, 5, 12}, 2, 4);
  EXPECT_EQ(vectors.dim(), 2u);
  EXPECT_THAT(vectors.vector(0), ElementsAre(3, 4));
  EXPECT_THAT(vectors.vector(1), IsEmpty());
  EXPECT_FALSE(vectors.Has(1));
  EXPECT_FALSE(vectors.Has(2));  // Too long for a length.
  EXPECT_THAT(vectors.vector(3), ElementsAre(5, 12));
  EXPECT_THAT(vectors.lengths(), ElementsAre(5, 0, 0, 13));
  EXPECT_FALSE(vectors.Has(4));
  EXPECT_FALSE(ItemVectors().Has(0));
  EXPECT_EQ(ItemVectors().dim(), 0u);
}

TEST_F(ItemVectorsTest, HaveALengthOnlyWhereItIsOne) {
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(LengthOf(std::vector<float>{3, 4}), 5);
  EXPECT_EQ(LengthOf(std::vector<float>{0, 0}), 0);
  EXPECT_EQ(LengthOf(std::vector<float>{1, infinity}), 0);
  EXPECT_EQ(LengthOf(std::vector<float>{1, NAN}), 0);
  EXPECT_EQ(LengthOf({}), 0);
}

// The oracle: the cosine in doubles, of every item.
TEST_F(ItemVectorsTest, NearestAreTheLargestCosinesWhateverTheLengths) {
  constexpr uint32_t kDim = 7, kItems = 200;
  std::mt19937_64 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> values;
  for (uint32_t i = 0; i < kItems; ++i) {
    const float scale = i % 10 == 0 ? 0 : static_cast<float>(1 + i % 50);
    for (uint32_t d = 0; d < kDim; ++d) values.push_back(scale * normal(random));
  }
  const ItemVectors vectors = *Make(values, kDim, kItems);
  auto cosine = [&](ItemRow a, ItemRow b) {
    double product = 0, aa = 0, bb = 0;
    for (uint32_t d = 0; d < kDim; ++d) {
      const double x = values[a * kDim + d], y = values[b * kDim + d];
      product += x * y;
      aa += x * x;
      bb += y * y;
    }
    return product / std::sqrt(aa * bb);
  };
  ItemFilter filter;
  const ItemRow excluded[] = {13, 17};
  filter.Exclude(excluded);
  const std::vector<ScoredItem> found = *vectors.Nearest(vectors.vector(13), filter, 1'000);
  EXPECT_EQ(found.size(), kItems - kItems / 10 - 2);
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_TRUE(vectors.Has(found[i].item) && filter.Passes(found[i].item));
    EXPECT_NEAR(found[i].score, cosine(13, found[i].item), 1e-5);
    if (i > 0) {
      EXPECT_GE(found[i - 1].score, found[i].score);
    }
  }
  const std::vector<ScoredItem> first = *vectors.Nearest(vectors.vector(13), filter, 5);
  EXPECT_THAT(first, ElementsAre(found[0], found[1], found[2], found[3], found[4]));
}

TEST_F(ItemVectorsTest, GoOnBehindThoseOfTheFile) {
  const ItemVectors vectors = *Make({1, 0, 0, 1}, 2, 2);
  const std::vector<float> longer = {1, 0, 0, 1, 0, 0, 0, 3}, lengths = {1, 1, 0, 3};
  const ItemVectors after = vectors.WithItems(longer, lengths);
  EXPECT_EQ(*after.Nearest(vectors.vector(1), {}, 9),
            (std::vector<ScoredItem>{{1, 1}, {3, 1}, {0, 0}}));
  EXPECT_EQ(vectors.Nearest(vectors.vector(1), {}, 9)->size(), 2u);
}

TEST_F(ItemVectorsTest, AreComparedNoLongerThanSomebodyWaits) {
  constexpr uint32_t kItems = 20'000;
  const ItemVectors vectors = *Make(std::vector<float>(kItems, 1), 1, kItems);
  int asked = 0;
  const auto found = vectors.Nearest(vectors.vector(0), {}, 5, [&] {
    ++asked;
    return absl::CancelledError("gone");
  });
  EXPECT_EQ(found.status(), absl::CancelledError("gone"));
  EXPECT_EQ(asked, 1);
}

TEST_F(ItemVectorsTest, RefusesAFileThatIsNotRight) {
  EXPECT_THAT(std::string(Make({1, 2, 3, 4}, 2, 3).status().message()),
              HasSubstr("item_vectors.arr"));
  EXPECT_THAT(std::string(Make(std::vector<float>(5'000, 1), 5'000, 1).status().message()),
              HasSubstr("item_vectors.arr: vectors of 5000 numbers are not supported"));
  ArrayFileWriter writer;
  writer.AddOwned<uint32_t>("dim", {1});
  writer.AddOwned<float>("vectors", {1});
  writer.AddOwned<float>("lengths", {NAN});
  ASSERT_TRUE(writer.Write(folder_ / "item_vectors.arr").ok());
  EXPECT_THAT(std::string(ItemVectors::Open(folder_ / "item_vectors.arr", 1).status().message()),
              HasSubstr("item_vectors.arr: a length is none"));
}

}  // namespace
}  // namespace shortlist
