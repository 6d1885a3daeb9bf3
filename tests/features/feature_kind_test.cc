#include "features/feature_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using FeatureKindTest = FeatureExtractorTest;

TEST_F(FeatureKindTest, CodesOfAFieldAreThoseAmongTheCodesThatAreItsOwn) {
  // genre has codes 0 and 1, year 2 and 3.
  const std::vector<uint32_t> codes = {1, 2, 3};
  EXPECT_THAT(CodesOfField(codes, catalog_.schema().fields()[0]), ElementsAre(1));
  EXPECT_THAT(CodesOfField(codes, catalog_.schema().fields()[1]), ElementsAre(2, 3));
  EXPECT_THAT(CodesOfField({}, catalog_.schema().fields()[1]), IsEmpty());
  const AttributeSchema::Field without_values{.name = "f",
                                              .type = AttributeType::kTokens,
                                              .first_code = 2,
                                              .values = {},
                                              .bucket_edges = {}};
  EXPECT_THAT(CodesOfField(codes, without_values), IsEmpty());
}

TEST_F(FeatureKindTest, NamesAreThoseOfTheFieldsCodes) {
  const std::vector<uint32_t> codes = {0, 1, 2};
  EXPECT_EQ(NamesOf(codes, catalog_.schema().fields()[0]), "Comedy, Drama");
  EXPECT_EQ(NamesOf(codes, catalog_.schema().fields()[1]), "..2000");
  EXPECT_EQ(NamesOf({}, catalog_.schema().fields()[1]), "");
}

TEST_F(FeatureKindTest, AnItemIsNamedByItsTitleOrElseItsId) {
  EXPECT_EQ(NameOf(0, catalog_), "Alpha");
  EXPECT_EQ(NameOf(2, catalog_), "c");
  EXPECT_EQ(NameOf(kNoItem, catalog_), "none");
}

TEST(FeatureSlot, CellsHaveAWeightEachOrShareThemByHashing) {
  Feature feature;
  const FeatureSlot slot{.feature = &feature, .first_index = 100};
  for (uint32_t cell = 0; cell < 4; ++cell) EXPECT_EQ(slot.IndexOfCell(cell), 100 + cell);
  // XXH3 of the cell's four bytes, modulo 7, computed elsewhere: weights are learned for it.
  feature.hash_size = 7;
  EXPECT_EQ(slot.IndexOfCell(0), 100 + 6);
  EXPECT_EQ(slot.IndexOfCell(1), 100 + 0);
  EXPECT_EQ(slot.IndexOfCell(2), 100 + 6);
  EXPECT_EQ(slot.IndexOfCell(3), 100 + 1);
}

TEST(FeatureComputer, OfAKindThatOnlyFillsInItsColumnReadsTheRestFromThere) {
  const FeatureComputer computer;
  FeatureRequest request;
  request.columns.resize(2);
  request.columns[1] = {.numbers = {0.5F, 0.125F}, .categories = {0, 3}, .by_code = {}};
  const FeatureSlot slot{.columns = 1, .first_index = 100};
  EXPECT_EQ(computer.Number(slot, request, {}, 1), 0.125F);
  EXPECT_EQ(computer.Describe(slot, request, {}, 0), "0.50");
  std::vector<FeatureValue> values;
  computer.AddValues(slot, request, {}, 0, values);  // Missing.
  EXPECT_THAT(values, IsEmpty());
  computer.AddValues(slot, request, {}, 1, values);
  ASSERT_EQ(values.size(), 1);
  EXPECT_EQ(values[0].index, 102);
  EXPECT_EQ(values[0].value, 1);
}

}  // namespace
}  // namespace shortlist
