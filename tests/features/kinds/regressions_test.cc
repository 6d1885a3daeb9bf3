#include "features/kinds/regressions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using RegressionsTest = FeatureExtractorTest;

TEST_F(RegressionsTest, RegressionsAreSharesOfTheLargestAmongTheCandidates) {
  // The history's b, a at half the weight: (0, 1) + 0.5 (1, 0). Times each item's: 0.2, 0.3, -0.5.
  const std::vector<Candidate> candidates = {
      {0, 0, SourceId::kTwoTower}, {1, 0, SourceId::kTwoTower}, {2, 0, SourceId::kTwoTower}};
  for (const FeatureKind kind : {FeatureKind::kHistoryRegression, FeatureKind::kNextRegression}) {
    EXPECT_THAT(ColumnOf(kind, candidates),
                testing::Pointwise(testing::FloatNear(0.02F), {0.2F / 0.3F, 1.0F, -0.5F / 0.3F}));
    // What speaks most for the first is item a, 0.5 x 0.4; for the second b; for the third none.
    EXPECT_EQ(Described(kind, candidates[0]), "Alpha");
    EXPECT_EQ(Described(kind, candidates[1]), "Beta");
    EXPECT_EQ(Described(kind, candidates[2]), "none");
  }
}

TEST_F(RegressionsTest, OfCandidatesThatItExpectsNothingOfIsZero) {
  EXPECT_EQ(Value(FeatureKind::kNextRegression, {2, 0, SourceId::kTwoTower}), 0);
}

TEST_F(RegressionsTest, ARegressionThatTheBundleDoesNotHaveIsRefused) {
  const ItemFactors none;
  for (const ItemFactors* missing : {&none, static_cast<const ItemFactors*>(nullptr)}) {
    inputs_.history_regression = inputs_.next_regression = missing;
    for (const FeatureKind kind : {FeatureKind::kHistoryRegression, FeatureKind::kNextRegression})
      EXPECT_EQ(
          FeatureExtractor::Create(Spec(kind), inputs_).status(),
          absl::InvalidArgumentError("feature f: the bundle has no factors of this regression"));
  }
}

TEST_F(RegressionsTest, EachHasFactorsOfItsOwn) {
  const ItemFactors none;
  inputs_.next_regression = &none;
  EXPECT_FLOAT_EQ(Value(FeatureKind::kHistoryRegression, {1, 0, SourceId::kTwoTower}), 1);
}

TEST_F(RegressionsTest, LookNoFurtherBackThanTheyHaveWeights) {
  // Two weights: of a, c, c the first is out of sight. c's factors: (1, 1) x 1.5.
  user_.history = {{0, 0, 0}, {2, 0, 0}, {2, 0, 0}};
  EXPECT_EQ(Described(FeatureKind::kNextRegression, {1, 0, SourceId::kTwoTower}), "c");
  EXPECT_EQ(Described(FeatureKind::kNextRegression, {0, 0, SourceId::kTwoTower}), "c");
  user_.history = {{0, 0, 0}, {1, 0, 0}, {1, 0, 0}};  // b says nothing of a.
  EXPECT_EQ(Described(FeatureKind::kNextRegression, {0, 0, SourceId::kTwoTower}), "none");
}

}  // namespace
}  // namespace shortlist
