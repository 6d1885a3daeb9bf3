#include "model/item_as_told.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::IsEmpty;

std::string ErrorOf(const Bundle& bundle, const std::vector<float>& vector) {
  const FieldPath item{nullptr, "items", 2};
  const absl::Status status = CheckVector(bundle, vector, {&item, "vector"});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(ItemAsTold, AVectorIsAsLongAsThoseOfTheBundleFiniteAndNotZero) {
  const Bundle& bundle = *VectorTestModels().bundle();
  EXPECT_TRUE(CheckVector(bundle, std::vector<float>{0, 0, -1, 0, 0, 2}, {nullptr, "v"}).ok());
  EXPECT_TRUE(CheckVector(bundle, {}, {nullptr, "v"}).ok());
  EXPECT_EQ(ErrorOf(bundle, {1, 2, 3}),
            "items[2].vector: has 3 numbers; those of the bundle have 6");
  EXPECT_EQ(ErrorOf(bundle, {1, 2, 3, NAN, 5, 6}), "items[2].vector[3]: is not finite");
  EXPECT_EQ(ErrorOf(bundle, {INFINITY, 2, 3, 4, 5, 6}), "items[2].vector[0]: is not finite");
  EXPECT_EQ(ErrorOf(bundle, std::vector<float>(6, 0)),
            "items[2].vector: is all 0; leave it out where the item has none");
  for (const float number : {3e38F, 1e-30F})
    EXPECT_EQ(ErrorOf(bundle, std::vector<float>(6, number)),
              "items[2].vector: is too short or too long for a length: scale it");
  EXPECT_EQ(ErrorOf(*SharedTestModels().bundle(), {1}),
            "items[2].vector: the items that the bundle was trained with have no vectors, so that "
            "it has no use for one");
}

TEST(ItemAsTold, WhatTheBundleHasNoUseForIsLeftOut) {
  const Bundle& bundle = *VectorTestModels().bundle();
  const std::vector<float> vector = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(EncodeAsTold(bundle, "", {}, vector).vector, vector);
  EXPECT_THAT(EncodeAsTold(bundle, "", {}, {1, 2}).vector, IsEmpty());
  EXPECT_THAT(EncodeAsTold(bundle, "", {}, std::vector<float>(6, 0)).vector, IsEmpty());
  EXPECT_THAT(EncodeAsTold(*SharedTestModels().bundle(), "", {}, vector).vector, IsEmpty());
}

TEST(ItemAsTold, IsTheSameWithTheSameVectorAlone) {
  const Bundle& bundle = *VectorTestModels().bundle();
  const ItemRow row = *bundle.catalog.FindItem("i5");
  const std::vector<NamedAttribute> attributes = {{"genre", {"Drama"}}, {"year", {"2015"}}};
  std::vector<float> vector(bundle.vectors.vector(row).begin(), bundle.vectors.vector(row).end());
  EXPECT_TRUE(IsAsTold(bundle, row, EncodeAsTold(bundle, "Item 5", attributes, vector)));
  EXPECT_FALSE(IsAsTold(bundle, row, EncodeAsTold(bundle, "Item 5", attributes, {})));
  EXPECT_FALSE(IsAsTold(bundle, row, EncodeAsTold(bundle, "Item 6", attributes, vector)));
  vector[0] *= 2;
  EXPECT_FALSE(IsAsTold(bundle, row, EncodeAsTold(bundle, "Item 5", attributes, vector)));
}

}  // namespace
}  // namespace shortlist
