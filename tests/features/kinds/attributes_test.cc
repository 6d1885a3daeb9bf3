#include "features/kinds/attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using AttributesTest = FeatureExtractorTest;

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST_F(AttributesTest, AnItemHasOneWeightForEveryValue) {
  EXPECT_THAT(Values(FeatureKind::kItemAttribute, {0, 0, SourceId::kTwoTower}),
              ElementsAre(Pair(0, 1)));
  const Candidate drama{1, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kItemAttribute, drama), ElementsAre(Pair(1, 1)));
  EXPECT_EQ(Described(FeatureKind::kItemAttribute, drama), "Drama");
}

TEST_F(AttributesTest, AnItemWithoutTheAttributeHasNoEntry) {
  const Candidate unknown{2, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kItemAttribute, unknown), IsEmpty());
  EXPECT_EQ(Described(FeatureKind::kItemAttribute, unknown), "");
}

TEST_F(AttributesTest, ANumberIsTheItemsAndMissingWhereItHasNone) {
  const Candidate of_1990{0, 0, SourceId::kTwoTower};
  const Candidate unknown{2, 0, SourceId::kTwoTower};
  EXPECT_EQ(Value(FeatureKind::kItemNumber, of_1990), 1990);
  EXPECT_EQ(Described(FeatureKind::kItemNumber, of_1990), "1990");
  EXPECT_THAT(Values(FeatureKind::kItemNumber, unknown), IsEmpty());
  EXPECT_EQ(Described(FeatureKind::kItemNumber, unknown), "none");
}

TEST_F(AttributesTest, ANumberIsDescribedToItsLastDigitAndFiniteForTheRanker) {
  SetUpWithYears({1709164801, 1e300, NAN});
  const Candidate of_2024{0, 0, SourceId::kTwoTower};
  const Candidate huge{1, 0, SourceId::kTwoTower};
  EXPECT_EQ(Described(FeatureKind::kItemNumber, of_2024), "1709164801");
  EXPECT_EQ(Value(FeatureKind::kItemNumber, huge), std::numeric_limits<float>::max());
  EXPECT_EQ(Described(FeatureKind::kItemNumber, huge), "1e+300");
}

TEST_F(AttributesTest, ANumberOfAnAttributeThatIsNoneIsRefused) {
  FeatureSpec spec = Spec(FeatureKind::kItemNumber);
  spec.features[0].item_attribute = "genre";
  EXPECT_EQ(FeatureExtractor::Create(spec, inputs_).status(),
            absl::InvalidArgumentError("feature f: the item attribute \"genre\" is not a number"));
}

TEST_F(AttributesTest, UserAndContextHaveOneWeightForEveryValue) {
  const Candidate candidate{0, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kUserAttribute, candidate), ElementsAre(Pair(1, 1)));
  EXPECT_EQ(Described(FeatureKind::kUserAttribute, candidate), "M");
  EXPECT_THAT(Values(FeatureKind::kContextAttribute, candidate), ElementsAre(Pair(1, 1)));
  EXPECT_EQ(Described(FeatureKind::kContextAttribute, candidate), "tv");
  user_.attribute_codes = {0, 1};
  EXPECT_THAT(Values(FeatureKind::kUserAttribute, candidate), ElementsAre(Pair(0, 1), Pair(1, 1)));
  EXPECT_EQ(Described(FeatureKind::kUserAttribute, candidate), "F, M");
  user_.attribute_codes = {};
  EXPECT_THAT(Values(FeatureKind::kUserAttribute, candidate), IsEmpty());
}

}  // namespace
}  // namespace shortlist
