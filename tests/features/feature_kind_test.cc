#include "features/feature_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "features/feature_extractor.h"
#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

TEST(FeatureKind, CodesOfAFieldAreNeighbours) {
  AttributeSchema::Field field{.name = "f",
                               .type = AttributeType::kTokens,
                               .first_code = 3,
                               .values = {},
                               .bucket_edges = {}};
  const std::vector<uint32_t> codes = {1, 3, 4, 9};
  EXPECT_THAT(CodesOfField(codes, field), testing::IsEmpty());  // It has no values.
}

TEST_F(FeatureExtractorTest, AnItemIsNamedByItsTitleOrElseItsId) {
  EXPECT_EQ(NameOf(0, catalog_), "Alpha");
  EXPECT_EQ(NameOf(2, catalog_), "c");
  EXPECT_EQ(NameOf(kNoItem, catalog_), "none");
}

TEST_F(FeatureExtractorTest, NamesAreThoseOfTheFieldsCodes) {
  const std::vector<uint32_t> codes = {0, 1, 2};
  EXPECT_EQ(NamesOf(codes, catalog_.schema().fields()[0]), "Comedy, Drama");
  EXPECT_EQ(NamesOf(codes, catalog_.schema().fields()[1]), "..2000");
}

}  // namespace
}  // namespace shortlist
