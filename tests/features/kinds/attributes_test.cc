#include "features/kinds/attributes.h"

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

TEST_F(FeatureExtractorTest, AnItemWithoutTheAttributeHasNoEntry) {
  const Candidate unknown{2, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kItemAttribute, unknown), testing::IsEmpty());
  EXPECT_THAT(Values(FeatureKind::kUserXItem, unknown), testing::IsEmpty());
  EXPECT_THAT(Values(FeatureKind::kHistoryAffinity, unknown), testing::IsEmpty());
}

TEST_F(FeatureExtractorTest, UserAndContextHaveOneWeightForEveryValue) {
  const Candidate candidate{0, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kUserAttribute, candidate),
              testing::ElementsAre(testing::Pair(1, 1)));
  EXPECT_THAT(Values(FeatureKind::kContextAttribute, candidate),
              testing::ElementsAre(testing::Pair(1, 1)));
}

}  // namespace
}  // namespace shortlist
