#include "features/kinds/recent_tower_score.h"

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

TEST_F(FeatureExtractorTest, RecentTowerScoreIsWhatTheTowerSaysOfTheLastFiveItemsAlone) {
  const EncodedUser user{
      .user = 7,
      .attribute_codes = {1},
      .history = {{0, 0, 0}, {2, 0, 0}, {1, 0, 0}, {1, 0, 0}, {1, 0, 0}, {1, 0, 0}}};
  EncodedUser shown;
  inputs_.user_vector = [&](const EncodedUser& of_late, const EncodedContext&) {
    shown = of_late;
    return std::vector<float>{0.5F, 0.5F};
  };
  const std::vector<Candidate> candidates = {{1, 0, SourceId::kTwoTower},
                                             {2, 0, SourceId::kTwoTower}};
  const auto extractor = FeatureExtractor::Create(Spec(FeatureKind::kRecentTowerScore), inputs_);
  ASSERT_TRUE(extractor.ok()) << extractor.status();
  EXPECT_THAT(extractor->Begin(user, context_, candidates).columns[0].numbers,
              testing::ElementsAre(testing::FloatEq(0.7F), testing::FloatEq(0.5F)));
  EXPECT_EQ(shown.user, 7);
  EXPECT_EQ(shown.attribute_codes, user.attribute_codes);
  EXPECT_THAT(ItemsOf(shown), testing::ElementsAre(2, 1, 1, 1, 1));
}

}  // namespace
}  // namespace shortlist
