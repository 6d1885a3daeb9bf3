#include "serving/requests/query_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(QueryMessages, AFilterComesBackAsItWas) {
  v1::ItemFilter message;
  v1::AttributeCondition& genre = *message.add_all_of();
  genre.set_attribute("genre");
  genre.mutable_any_value()->add_values("Comedy");
  genre.mutable_any_value()->add_values("Drama");
  v1::AttributeCondition& year = *message.add_none_of();
  year.set_attribute("year");
  year.mutable_range()->set_min(1990.5);
  const FilterConditions filter = FromMessage(message);
  ASSERT_THAT(filter.all_of, SizeIs(1));
  EXPECT_THAT(filter.all_of[0].any_value, ElementsAre("Comedy", "Drama"));
  ASSERT_THAT(filter.none_of, SizeIs(1));
  EXPECT_EQ(filter.none_of[0].range->min, 1990.5);
  EXPECT_EQ(filter.none_of[0].range->max, std::nullopt);
  v1::ItemFilter again;
  ToMessage(filter, again);
  EXPECT_EQ(again.SerializeAsString(), message.SerializeAsString());
}

TEST(QueryMessages, ARequestThatSaysNothingHasTheDefaults) {
  const Query query = FromMessage(v1::RecommendRequest());
  EXPECT_EQ(query.count, 20u);
  EXPECT_EQ(query.candidate_count, 500u);
  EXPECT_FALSE(query.include_seen);
  EXPECT_FALSE(query.explain);
  EXPECT_TRUE(query.filter.empty());
  EXPECT_EQ(query.rules.diversity, std::nullopt);
  EXPECT_EQ(query.rules.new_item_interval, std::nullopt);
  EXPECT_EQ(query.rules.value_function, std::nullopt);
}

TEST(QueryMessages, TakesOverAllThatARequestAsksFor) {
  v1::RecommendRequest message;
  message.set_count(7);
  message.set_candidate_count(70);
  message.add_exclude_item_ids("x");
  message.add_candidate_item_ids("y");
  message.set_include_seen(true);
  message.set_explain(true);
  message.mutable_context()->set_device("tv");
  message.mutable_re_ranking()->set_diversity(0);
  message.mutable_re_ranking()->set_new_item_interval(0);
  const Query query = FromMessage(message);
  EXPECT_EQ(query.count, 7u);
  EXPECT_EQ(query.candidate_count, 70u);
  EXPECT_THAT(query.excluded_item_ids, ElementsAre("x"));
  EXPECT_THAT(query.candidate_item_ids, ElementsAre("y"));
  EXPECT_TRUE(query.include_seen);
  EXPECT_TRUE(query.explain);
  EXPECT_EQ(query.context.device, "tv");
  EXPECT_EQ(query.rules.diversity, 0);  // Said, and so in the place of the configuration's.
  EXPECT_EQ(query.rules.new_item_interval, 0);
}

TEST(QueryMessages, PlacesOfPinsBeginAtOneAndBoostsHaveNames) {
  v1::ReRanking message;
  message.add_pinned()->set_item_id("a");  // Place 0: the first.
  v1::PinnedItem& third = *message.add_pinned();
  third.set_item_id("b");
  third.set_place(3);
  message.add_boosts()->set_log_odds(1);
  v1::Boost& named = *message.add_boosts();
  named.set_name("new");
  named.add_item_ids("c");
  v1::AttributeLimit& limit = *message.add_limits();
  limit.set_attribute("genre");
  limit.set_max_items(2);
  message.mutable_value_function()->set_liked_worth(3);
  const ReRankingRules rules = FromMessage(message);
  EXPECT_EQ(rules.pins[0].place, 0u);
  EXPECT_EQ(rules.pins[1].place, 2u);
  EXPECT_EQ(rules.boosts[0].name, "boost");
  EXPECT_EQ(rules.boosts[1].name, "new");
  EXPECT_THAT(rules.boosts[1].item_ids, ElementsAre("c"));
  EXPECT_EQ(rules.limits[0].max_items, 2u);
  EXPECT_EQ(rules.value_function->interaction_worth, 1);
  EXPECT_EQ(rules.value_function->liked_worth, 3);
}

TEST(QueryMessages, SimilarItemsAreTwentyUnlessAskedOtherwise) {
  v1::SimilarItemsRequest message;
  message.set_item_id("i9");
  EXPECT_EQ(FromMessage(message).count, 20u);
  message.set_count(3);
  EXPECT_EQ(FromMessage(message).count, 3u);
  EXPECT_EQ(FromMessage(message).item_id, "i9");
  EXPECT_EQ(FromMessage(message).by, Similarity::kTaste);
  message.set_by(v1::SIMILARITY_CONTENT);
  EXPECT_EQ(FromMessage(message).by, Similarity::kContent);
}

}  // namespace
}  // namespace shortlist
