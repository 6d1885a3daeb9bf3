#include "features/kinds/crosses.h"

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

TEST_F(FeatureExtractorTest, CrossesHaveOneWeightForEveryPairOfValues) {
  // gender M is row 1, genre Drama column 1 of a 2 x 2 table.
  const Candidate drama{1, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kUserXItem, drama), testing::ElementsAre(testing::Pair(3, 1)));
  const Candidate comedy{0, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kContextXItem, comedy),
              testing::ElementsAre(testing::Pair(2, 1)));
  EXPECT_THAT(Values(FeatureKind::kItemAttribute, comedy),
              testing::ElementsAre(testing::Pair(0, 1)));
}

}  // namespace
}  // namespace shortlist
