#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/recommender_fixture.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class RecommenderReRankingTest : public RecommenderTest {
 protected:
  v1::ReRanking& rules() { return *request_.mutable_re_ranking(); }
  // Items of the test bundle have one genre each.
  static std::string GenreOf(const std::string& id) {
    return std::to_string(std::stoi(id.substr(1)) % 4);
  }
  static std::map<std::string, int> GenresOf(const v1::RecommendResponse& response) {
    std::map<std::string, int> genres;
    for (const std::string& id : IdsOf(response)) ++genres[GenreOf(id)];
    return genres;
  }
};

TEST_F(RecommenderReRankingTest, WithoutRulesNothingIsSaidOfIt) {
  rules().set_diversity(0);
  const v1::RecommendResponse response = Recommend();
  for (const v1::RecommendedItem& item : response.items()) {
    EXPECT_EQ(item.place_by_score(), 0);
    EXPECT_THAT(item.moved_by(), IsEmpty());
  }
  EXPECT_EQ(ranking_.calls, 1);
}

TEST_F(RecommenderReRankingTest, AtMostSoManyOfAGenreAreShownAndTheRuleIsNamed) {
  request_.set_count(8);
  EXPECT_GE(GenresOf(Recommend())["1"], 5);  // What user 5 likes.
  v1::AttributeLimit& limit = *rules().add_limits();
  limit.set_attribute("genre");
  limit.set_max_items(2);
  const v1::RecommendResponse response = Recommend();
  EXPECT_EQ(response.items_size(), 8);
  for (const auto& [genre, count] : GenresOf(response)) EXPECT_EQ(count, 2) << genre;
  for (int i = 0; i < response.items_size(); ++i) {
    const v1::RecommendedItem& item = response.items(i);
    if (item.place_by_score() == i + 1) continue;
    EXPECT_THAT(item.moved_by(), ElementsAre("at most 2 per genre")) << item.ShortDebugString();
  }
  EXPECT_GT(response.items(7).place_by_score(), 8);
}

TEST_F(RecommenderReRankingTest, RulesOfTheConfigurationHoldForEveryRequest) {
  config_.set_diversity(0.7F);
  v1::AttributeLimit& limit = *config_.add_limits();
  limit.set_attribute("genre");
  limit.set_max_items(6);
  const v1::RecommendResponse configured = Recommend();
  EXPECT_LE(GenresOf(configured)["1"], 6);
  // The request's diversity replaces it; its limits are added.
  rules().set_diversity(0);
  const v1::RecommendResponse by_score = Recommend();
  EXPECT_NE(IdsOf(by_score), IdsOf(configured));
  EXPECT_LE(GenresOf(by_score)["1"], 6);
  *rules().add_limits() = limit;
  rules().mutable_limits(0)->set_max_items(5);
  EXPECT_EQ(GenresOf(Recommend())["1"], 5);
}

TEST_F(RecommenderReRankingTest, RulesOfTheConfigurationFollowTheBundle) {
  const std::shared_ptr<const Bundle> next = OtherTestModels().bundle();
  ASSERT_NE(next->catalog.FindItem("i9"), models_.bundle()->catalog.FindItem("nothing"));
  v1::Boost& boost = *config_.add_boosts();
  boost.add_item_ids("i9");
  boost.set_log_odds(20);
  request_.set_include_seen(true);
  const Recommender recommender = MakeRecommender();
  for (int i = 0; i < 3; ++i) {
    v1::RecommendResponse response;
    ASSERT_TRUE(
        recommender.Recommend(request_, Budget(clock_, kNow + absl::Milliseconds(50)), response)
            .ok());
    EXPECT_EQ(response.bundle_id(), bundles_.Current()->id);
    EXPECT_EQ(response.items(0).item_id(), "i9");
    if (i == 1) bundles_.Replace(next);
  }
}

TEST_F(RecommenderReRankingTest, AConfigurationThatTheBundleDoesNotFitIsNotTheCallersFault) {
  config_.add_limits()->set_attribute("colour");
  config_.mutable_limits(0)->set_max_items(1);
  const absl::Status status = ErrorOfRecommend();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("re_ranking.limits[0].attribute: unknown"));
}

TEST_F(RecommenderReRankingTest, APinnedItemThatNoSourceFindsIsThereAllTheSame) {
  request_.set_candidate_count(30);
  Recommend();
  std::set<int> found;
  for (const Candidate& candidate : ranking_.last_candidates)
    found.insert(static_cast<int>(candidate.item));
  const std::set<std::string> seen = HistoryOf("u5");
  std::string id;
  for (int row = 0; row < 120 && id.empty(); ++row)
    if (const std::string candidate = "i" + std::to_string(row);
        !found.contains(row) && !seen.contains(candidate))
      id = candidate;
  v1::PinnedItem& pinned = *rules().add_pinned();
  pinned.set_item_id(id);
  pinned.set_place(3);
  rules().add_pinned()->set_item_id("nothing");
  const v1::RecommendResponse response = Recommend();
  EXPECT_EQ(response.items_size(), 20);
  EXPECT_EQ(response.candidates_ranked(), 30);
  EXPECT_EQ(response.items(2).item_id(), id);
  EXPECT_EQ(response.items(2).source(), v1::CANDIDATE_SOURCE_PINNED);
  EXPECT_THAT(response.items(2).moved_by(), ElementsAre("pinned"));
}

TEST_F(RecommenderReRankingTest, APinDoesNotBringBackWhatTheRequestLeavesOut) {
  const std::string seen = *HistoryOf("u5").begin();
  rules().add_pinned()->set_item_id(seen);
  rules().add_pinned()->set_item_id("i7");
  request_.add_exclude_item_ids("i7");
  const std::vector<std::string> ids = IdsOf(Recommend());
  EXPECT_THAT(ids, ::testing::Not(::testing::Contains(seen)));
  EXPECT_THAT(ids, ::testing::Not(::testing::Contains("i7")));
}

TEST_F(RecommenderReRankingTest, BoostsAreNamedAndLeaveTheScoreAlone) {
  const v1::RecommendResponse before = Recommend();
  v1::Boost& boost = *rules().add_boosts();
  boost.set_name("westerns this week");
  v1::AttributeCondition& condition = *boost.mutable_filter()->add_all_of();
  condition.set_attribute("genre");
  condition.mutable_any_value()->add_values("Western");
  boost.set_log_odds(10);
  const v1::RecommendResponse response = Recommend();
  EXPECT_EQ(GenresOf(response)["3"], 20);
  EXPECT_THAT(response.items(0).moved_by(), ElementsAre("westerns this week"));
  for (const v1::RecommendedItem& a : response.items())
    for (const v1::RecommendedItem& b : before.items()) {
      if (a.item_id() != b.item_id()) continue;
      EXPECT_EQ(a.score(), b.score());
      EXPECT_EQ(a.probability(), b.probability());
    }
  boost.clear_filter();
  boost.add_item_ids(before.items(19).item_id());
  EXPECT_EQ(Recommend().items(0).item_id(), before.items(19).item_id());
}

TEST_F(RecommenderReRankingTest, ExplainsTheItemsThatAreShown) {
  rules().set_diversity(0.9F);
  request_.set_explain(true);
  const v1::RecommendResponse response = Recommend();
  for (const v1::RecommendedItem& item : response.items()) {
    double sum = 0;
    for (const v1::Contribution& contribution : item.contributions())
      sum += contribution.contribution();
    EXPECT_FALSE(item.contributions().empty());
    EXPECT_EQ(static_cast<float>(sum), item.score());
  }
}

TEST_F(RecommenderReRankingTest, NamesTheFieldThatTheCatalogDoesNotHave) {
  rules().add_limits()->set_attribute("colour");
  rules().mutable_limits(0)->set_max_items(1);
  EXPECT_THAT(std::string(ErrorOfRecommend().message()),
              StartsWith("re_ranking.limits[0].attribute: unknown item attribute \"colour\""));
  rules().clear_limits();
  v1::AttributeCondition& condition = *rules().add_boosts()->mutable_filter()->add_any_of();
  condition.set_attribute("colour");
  condition.mutable_any_value()->add_values("red");
  EXPECT_THAT(std::string(ErrorOfRecommend().message()),
              StartsWith("re_ranking.boosts[0].filter.any_of[0].attribute: unknown item"));
}

}  // namespace
}  // namespace shortlist
