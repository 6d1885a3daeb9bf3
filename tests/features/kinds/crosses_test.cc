#include "features/kinds/crosses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using CrossesTest = FeatureExtractorTest;

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST_F(CrossesTest, HaveOneWeightForEveryPairOfValues) {
  // gender M is row 1, genre Drama column 1 of a 2 x 2 table.
  const Candidate drama{1, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kUserXItem, drama), ElementsAre(Pair(3, 1)));
  EXPECT_EQ(Described(FeatureKind::kUserXItem, drama), "M x Drama");
  const Candidate comedy{0, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kContextXItem, comedy), ElementsAre(Pair(2, 1)));
  EXPECT_EQ(Described(FeatureKind::kContextXItem, comedy), "tv x Comedy");
}

TEST_F(CrossesTest, AUserOfTwoValuesHasTwoPairs) {
  const Candidate drama{1, 0, SourceId::kTwoTower};
  user_.attribute_codes = {0, 1};
  EXPECT_THAT(Values(FeatureKind::kUserXItem, drama), ElementsAre(Pair(1, 1), Pair(3, 1)));
  EXPECT_EQ(Described(FeatureKind::kUserXItem, drama), "F x Drama, M x Drama");
}

TEST_F(CrossesTest, WithoutAValueOnEitherSideThereIsNoPair) {
  EXPECT_THAT(Values(FeatureKind::kUserXItem, {2, 0, SourceId::kTwoTower}), IsEmpty());
  user_.attribute_codes = {};
  EXPECT_THAT(Values(FeatureKind::kUserXItem, {1, 0, SourceId::kTwoTower}), IsEmpty());
}

TEST_F(CrossesTest, OfOneSpecKeepTheirPairsApart) {
  FeatureSpec spec = Spec(FeatureKind::kUserXItem);
  spec.features.push_back(Spec(FeatureKind::kContextXItem).features[0]);
  spec.features[1].name = "g";
  // Four weights of the first, then those of the second: tv is row 1, Drama column 1.
  EXPECT_THAT(Values(spec, {1, 0, SourceId::kTwoTower}), ElementsAre(Pair(3, 1), Pair(4 + 3, 1)));
}

}  // namespace
}  // namespace shortlist
