#include "model/item_as_told.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/live_bundle.h"
#include "model/manifest.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::IsEmpty;

const std::vector<float> kShort = {1, 2};

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
  EXPECT_EQ(EncodeAsTold(bundle, "", {}, vector, {}).vector, vector);
  EXPECT_THAT(EncodeAsTold(bundle, "", {}, kShort, {}).vector, IsEmpty());
  EXPECT_THAT(EncodeAsTold(bundle, "", {}, std::vector<float>(6, 0), {}).vector, IsEmpty());
  EXPECT_THAT(EncodeAsTold(*SharedTestModels().bundle(), "", {}, vector, {}).vector, IsEmpty());
}

TEST(ItemAsTold, InPlaceOfNoneItHasTheOneOfBefore) {
  const Bundle& bundle = *VectorTestModels().bundle();
  const std::vector<float> vector = {1, 2, 3, 4, 5, 6}, before = {6, 5, 4, 3, 2, 1};
  EXPECT_EQ(EncodeAsTold(bundle, "", {}, vector, before).vector, vector);
  EXPECT_EQ(EncodeAsTold(bundle, "", {}, {}, before).vector, before);
  EXPECT_EQ(EncodeAsTold(bundle, "", {}, kShort, before).vector, before);
}

// Of bundles made before vectors were kept: they are placed by them, and not compared.
TEST(ItemAsTold, ABundleThatLearnedFromVectorsAndDoesNotKeepThemHasAUseForThem) {
  const TemporaryFolder folder;
  const std::filesystem::path models = folder / "models";
  std::filesystem::copy(VectorTestModels().folder(), models,
                        std::filesystem::copy_options::recursive);
  const std::filesystem::path version = models / *CurrentVersion(models);
  std::filesystem::remove(version / kItemVectorsFile);
  std::filesystem::remove(version / kManifestFile);
  ASSERT_TRUE(WriteManifest(version).ok());
  const std::shared_ptr<const Bundle> bundle = *LoadBundle(version);
  const std::vector<float> vector = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(VectorDim(*bundle), 6u);
  EXPECT_TRUE(CheckVector(*bundle, vector, {nullptr, "v"}).ok());
  EXPECT_EQ(EncodeAsTold(*bundle, "", {}, vector, {}).vector, vector);
  const std::unique_ptr<LiveBundle> live = *LiveBundle::Make(bundle);
  const ItemState state{.presence = ItemState::Presence::kUpserted, .vector = vector};
  const LiveBundle::Item item{"new", &state};
  const std::shared_ptr<const Bundle> with_new = *live->Apply({&item, 1}, 0);
  const ItemRow row = *with_new->catalog.FindItem("new");
  EXPECT_EQ(with_new->catalog.vector_origin(row), VectorOrigin::kFromAttributes);
  EXPECT_FALSE(with_new->vectors.Has(row));
}

TEST(ItemAsTold, IsTheSameWithTheSameVectorAlone) {
  const Bundle& bundle = *VectorTestModels().bundle();
  const ItemRow row = *bundle.catalog.FindItem("i5");
  const std::vector<NamedAttribute> attributes = {{"genre", {"Drama"}}, {"year", {"2015"}}};
  std::vector<float> vector(bundle.vectors.vector(row).begin(), bundle.vectors.vector(row).end());
  EXPECT_TRUE(IsAsTold(bundle, row, EncodeAsTold(bundle, "Item 5", attributes, vector, {})));
  EXPECT_FALSE(IsAsTold(bundle, row, EncodeAsTold(bundle, "Item 5", attributes, {}, {})));
  EXPECT_FALSE(IsAsTold(bundle, row, EncodeAsTold(bundle, "Item 6", attributes, vector, {})));
  vector[0] *= 2;
  EXPECT_FALSE(IsAsTold(bundle, row, EncodeAsTold(bundle, "Item 5", attributes, vector, {})));
}

}  // namespace
}  // namespace shortlist
