#include "features/kinds/recent_tower_score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using RecentTowerScoreTest = FeatureExtractorTest;

TEST_F(RecentTowerScoreTest, IsWhatTheTowerSaysOfTheLastFiveItemsAlone) {
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

TEST_F(RecentTowerScoreTest, NamesTheRecentItemMostLikeTheCandidate) {
  inputs_.user_vector = [](const EncodedUser&, const EncodedContext&) {
    return std::vector<float>{1, 0};
  };
  // Item c is (0, 1); of the history, a is (1, 0) and b (0.6, 0.8).
  const Candidate c{2, 0, SourceId::kTwoTower};
  EXPECT_EQ(Described(FeatureKind::kRecentTowerScore, c), "Beta");
  user_.history = {{1, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
  EXPECT_EQ(Described(FeatureKind::kRecentTowerScore, c), "Alpha");
  user_.history.clear();
  EXPECT_EQ(Described(FeatureKind::kRecentTowerScore, c), "none");
}

TEST_F(RecentTowerScoreTest, WithoutAUserTowerIsRefused) {
  EXPECT_EQ(FeatureExtractor::Create(Spec(FeatureKind::kRecentTowerScore), inputs_).status(),
            absl::InvalidArgumentError("feature f: there is no user tower"));
}

}  // namespace
}  // namespace shortlist
