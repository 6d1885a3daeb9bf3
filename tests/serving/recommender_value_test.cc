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

// The shared bundle has a head for liked items, which likes newer ones.
class RecommenderValueTest : public RecommenderTest {
 protected:
  v1::ReRanking& rules() { return *request_.mutable_re_ranking(); }
  // Items of the test bundle have one genre each.
  static std::string GenreOf(const std::string& id) {
    return std::to_string(std::stoi(id.substr(1)) % 4);
  }
  v1::ValueFunction& value() { return *rules().mutable_value_function(); }
  static double ValueOf(const v1::RecommendedItem& item, double interaction, double liked) {
    return double{item.probability()} * (interaction + liked * double{item.liked_probability()});
  }
};

TEST_F(RecommenderValueTest, ByDefaultTheAnswerIsThatWithoutOneToTheBit) {
  const v1::RecommendResponse without = Recommend();
  value().set_interaction_worth(7);
  const v1::RecommendResponse with = Recommend();
  ASSERT_EQ(with.items_size(), without.items_size());
  for (int i = 0; i < with.items_size(); ++i) {
    EXPECT_EQ(with.items(i).SerializeAsString(), without.items(i).SerializeAsString());
    EXPECT_FALSE(with.items(i).has_liked_score());
    EXPECT_FALSE(with.items(i).has_liked_probability());
  }
  EXPECT_FALSE(ranking_.last_liked);
}

TEST_F(RecommenderValueTest, ItemsAreInTheOrderOfTheirValueComputedByHand) {
  request_.set_count(200);
  value().set_liked_worth(0.001F);  // So that every item says how likely it is to be liked.
  const v1::RecommendResponse by_score = Recommend();
  std::vector<std::pair<double, std::string>> expected;
  for (const v1::RecommendedItem& item : by_score.items())
    expected.emplace_back(-ValueOf(item, 2, 50), item.item_id());
  std::sort(expected.begin(), expected.end());
  value().set_interaction_worth(2);
  value().set_liked_worth(50);
  const v1::RecommendResponse response = Recommend();
  ASSERT_EQ(response.items_size(), static_cast<int>(expected.size()));
  for (int i = 0; i < response.items_size(); ++i) {
    EXPECT_EQ(response.items(i).item_id(), expected[static_cast<size_t>(i)].second) << i;
    EXPECT_EQ(response.items(i).place_by_score(), 0);
    EXPECT_EQ(response.items(i).liked_probability(),
              models_.bundle()->liked_head->Probability(response.items(i).liked_score()));
    EXPECT_EQ(response.items(i).probability(),
              models_.bundle()->ranker->Probability(response.items(i).score()));
  }
  EXPECT_NE(IdsOf(response), IdsOf(by_score));
}

TEST_F(RecommenderValueTest, TheRequestsReplacesThatOfTheConfiguration) {
  const std::vector<std::string> by_score = IdsOf(Recommend());
  config_.mutable_value_function()->set_liked_worth(50);
  const std::vector<std::string> by_value = IdsOf(Recommend());
  EXPECT_NE(by_value, by_score);
  value();
  EXPECT_EQ(IdsOf(Recommend()), by_score);
  config_.Clear();
  value().set_liked_worth(50);
  EXPECT_EQ(IdsOf(Recommend()), by_value);
}

TEST_F(RecommenderValueTest, ExplanationsOfBothHeadsSumToTheirScores) {
  request_.set_explain(true);
  value().set_liked_worth(50);
  for (const float diversity : {0.0F, 0.5F}) {
    rules().set_diversity(diversity);
    const v1::RecommendResponse response = Recommend();
    for (const v1::RecommendedItem& item : response.items()) {
      double sum = 0, liked_sum = 0;
      for (const v1::Contribution& part : item.contributions()) sum += part.contribution();
      for (const v1::Contribution& part : item.liked_contributions())
        liked_sum += part.contribution();
      EXPECT_FALSE(item.liked_contributions().empty());
      EXPECT_EQ(static_cast<float>(sum), item.score());
      EXPECT_EQ(static_cast<float>(liked_sum), item.liked_score());
    }
  }
}

TEST_F(RecommenderValueTest, BoostsAddToItsLogarithmAndDiversityWeighsIt) {
  request_.set_count(200);
  value().set_liked_worth(50);
  const v1::RecommendResponse by_value = Recommend();
  v1::Boost& boost = *rules().add_boosts();
  v1::AttributeCondition& condition = *boost.mutable_filter()->add_all_of();
  condition.set_attribute("genre");
  condition.mutable_any_value()->add_values("Western");
  boost.set_log_odds(1);
  double previous = INFINITY;
  const v1::RecommendResponse boosted = Recommend();
  for (const v1::RecommendedItem& item : boosted.items()) {
    const double value =
        ValueOf(item, 1, 50) * (GenreOf(item.item_id()) == "3" ? std::exp(1.0) : 1.0);
    EXPECT_LE(value, previous * (1 + 1e-5));
    previous = value;
  }
  EXPECT_NE(IdsOf(boosted), IdsOf(by_value));
  for (const v1::RecommendedItem& item : boosted.items())
    EXPECT_EQ(item.item_id(), by_value.items(item.place_by_score() - 1).item_id());
  // Next to no diversity: what it weighs is in the order of the value.
  rules().set_diversity(1e-6F);
  auto first = [](const v1::RecommendResponse& response) {
    std::vector<std::string> ids = IdsOf(response);
    ids.resize(10);
    return ids;
  };
  EXPECT_NE(first(boosted), first(by_value));
  EXPECT_EQ(first(Recommend()), first(boosted));
  rules().clear_boosts();
  EXPECT_EQ(first(Recommend()), first(by_value));
}

TEST_F(RecommenderValueTest, WithoutTheHeadItIsRefusedNamingTheField) {
  bundles_.Replace(OtherTestModels().bundle());
  value().set_liked_worth(1);
  const absl::Status requested = ErrorOfRecommend();
  EXPECT_EQ(requested.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(requested.message()),
              StartsWith("re_ranking.value_function.liked_worth: the bundle has no head"));
  EXPECT_EQ(ranking_.calls, 0);
  request_.clear_re_ranking();
  config_.mutable_value_function()->set_liked_worth(1);
  const absl::Status configured = ErrorOfRecommend();
  EXPECT_EQ(configured.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(configured.message()),
              HasSubstr("re_ranking.value_function.liked_worth: the bundle has no head"));
  value();  // A request that does without it is served.
  EXPECT_EQ(Recommend().items_size(), 20);
}

}  // namespace
}  // namespace shortlist
