#include "features/kinds/co_occurrence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "features/growing_catalog.h"
#include "features/item_encoder.h"
#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using CoOccurrenceTest = FeatureExtractorTest;

TEST_F(CoOccurrenceTest, IsTheRootOfASumsShareOfTheLargest) {
  // Of the history a, b: b, the latest, has a with 0.5; a, one step back, b with 0.5 and c with
  // 0.25.
  const std::vector<Candidate> candidates = {
      {0, 0, SourceId::kTwoTower}, {1, 0, SourceId::kTwoTower}, {2, 0, SourceId::kTwoTower}};
  EXPECT_THAT(ColumnOf(FeatureKind::kCoOccurrence, candidates),
              testing::ElementsAre(testing::FloatEq(1), testing::FloatEq(std::sqrt(0.5F)),
                                   testing::FloatEq(0.5F)));
}

TEST_F(CoOccurrenceTest, LooksAsFarBackAsThereAreWeights) {
  // Item a, which has b with 0.5, and then c, which has nothing, again and again.
  const Candidate b{1, 0, SourceId::kTwoTower};
  user_.history.assign(3, {2, 0, 0});
  user_.history.front().item = 0;
  EXPECT_FLOAT_EQ(Value(FeatureKind::kCoOccurrence, b), 1);
  EXPECT_EQ(Described(FeatureKind::kCoOccurrence, b), "Alpha");
  user_.history.push_back({2, 0, 0});
  EXPECT_EQ(Value(FeatureKind::kCoOccurrence, b), 0);
  EXPECT_EQ(Described(FeatureKind::kCoOccurrence, b), "none");
}

TEST_F(CoOccurrenceTest, OfAnItemThatCameAfterTrainingIsTheMeanOfTheSumsOfItsLike) {
  // Of the history a, b: a has a sum of 0.5, b one of 0.25.
  const Catalog base = catalog_;
  GrowingCatalog growing = *GrowingCatalog::Make(base);
  const std::vector<ItemRow> alike = {0, 1};
  ASSERT_TRUE(growing.Append("new", EncodeItem("New", {}, base.schema()), {.alike = alike}).ok());
  ASSERT_TRUE(growing.Append("unlike", EncodeItem("", {}, base.schema()), {}).ok());
  catalog_ = growing.catalog(nullptr, nullptr);
  const std::vector<Candidate> candidates = {
      {0, 0, SourceId::kTwoTower}, {3, 0, SourceId::kTwoTower}, {4, 0, SourceId::kTwoTower}};
  EXPECT_THAT(ColumnOf(FeatureKind::kCoOccurrence, candidates),
              testing::ElementsAre(testing::FloatEq(1), testing::FloatEq(std::sqrt(0.75F)), 0));
  EXPECT_EQ(Described(FeatureKind::kCoOccurrence, candidates[1]), "Beta");
  EXPECT_EQ(Described(FeatureKind::kCoOccurrence, candidates[2]), "none");
}

TEST_F(CoOccurrenceTest, ANewUserHasNone) {
  user_.history.clear();
  EXPECT_EQ(Value(FeatureKind::kCoOccurrence, {0, 0, SourceId::kPopular}), 0);
}

}  // namespace
}  // namespace shortlist
