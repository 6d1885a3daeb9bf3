#include "model/projected_content.h"

#include <optional>

#include <gtest/gtest.h>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(ProjectedContentTest, IsWhatTheBundlesProjectionSaysOfCodes) {
  const Bundle& bundle = *SharedTestModels().bundle();
  ASSERT_TRUE(bundle.content.has_value());
  const ProjectedContent content(*bundle.content);
  const std::span<const uint32_t> codes = bundle.catalog.codes(3);
  const EncodedItem item{.title = "Any", .codes = {codes.begin(), codes.end()}};
  const std::optional<LearnedRows> rows = content.Of(item);
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->embedding, bundle.content->Project({.codes = codes})->embedding);
  EXPECT_EQ(rows->embedding.size(), bundle.towers.dim());
}

TEST(ProjectedContentTest, KnowsAnItemByItsVectorAlone) {
  const Bundle& bundle = *VectorTestModels().bundle();
  const std::span<const float> vector = bundle.vectors.vector(3);
  const EncodedItem item{.vector = {vector.begin(), vector.end()}};
  const std::optional<LearnedRows> rows = ProjectedContent(*bundle.content).Of(item);
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->embedding, bundle.content->Project({.vector = vector})->embedding);
}

TEST(ProjectedContentTest, KnowsNothingOfAnItemWithoutContent) {
  const Bundle& bundle = *SharedTestModels().bundle();
  EXPECT_FALSE(ProjectedContent(*bundle.content).Of(EncodedItem()).has_value());
}

}  // namespace
}  // namespace shortlist
