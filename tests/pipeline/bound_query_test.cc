#include "pipeline/bound_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

const std::shared_ptr<const Bundle>& TestBundle() { return SharedTestModels().bundle(); }
ItemRow RowOf(const std::string& id) { return *TestBundle()->catalog.FindItem(id); }

Query QueryOfAUser() {
  Query query;
  query.user.user_id = "u5";
  for (const char* id : {"i1", "i5"}) query.user.history.push_back({.item_id = id});
  query.context.time_ms = 1'600'000'000'000;
  return query;
}

TEST(BoundQuery, EncodesUserAndContextForItsBundle) {
  const Query query = QueryOfAUser();
  BoundQuery bound(query, TestBundle());
  EXPECT_THAT(ItemsOf(bound.user()), ElementsAre(RowOf("i1"), RowOf("i5")));
  EXPECT_EQ(bound.user().user, TestBundle()->requests.FindUser("u5"));
  EXPECT_EQ(bound.context().time_ms, 1'600'000'000'000);
  EXPECT_EQ(bound.context().attribute_codes.size(), 2u);  // Daypart and weekday.
}

TEST(BoundQuery, FiltersBySeenExcludedAndConditions) {
  Query query = QueryOfAUser();
  query.excluded_item_ids = {"i9", "nothing"};
  query.filter.all_of = {{.attribute = "genre", .any_value = {"Drama"}, .range = {}}};
  BoundQuery bound(query, TestBundle());
  const ItemFilter filter = bound.Filter().value();
  // Items 1, 5, 9, 13 ... are dramas.
  EXPECT_FALSE(filter.Passes(RowOf("i1")));
  EXPECT_FALSE(filter.Passes(RowOf("i9")));
  EXPECT_FALSE(filter.Passes(RowOf("i2")));
  EXPECT_TRUE(filter.Passes(RowOf("i13")));
  query.include_seen = true;
  EXPECT_TRUE(bound.Filter()->Passes(RowOf("i1")));
}

TEST(BoundQuery, WhatTheUserRefusedNeverComesBack) {
  Query query = QueryOfAUser();
  query.user.refused = {{.item_id = "i9"}, {.item_id = "nothing"}};
  query.include_seen = true;
  BoundQuery bound(query, TestBundle());
  EXPECT_FALSE(bound.Filter()->Passes(RowOf("i9")));
  EXPECT_TRUE(bound.Filter()->Passes(RowOf("i1")));
}

TEST(BoundQuery, NamesTheFieldOfAFilterThatDoesNotFit) {
  Query query;
  query.filter.none_of = {{.attribute = "colour", .any_value = {"red"}, .range = {}}};
  EXPECT_EQ(BoundQuery(query, TestBundle()).Filter().status(),
            absl::InvalidArgumentError("filter.none_of[0].attribute: unknown item attribute "
                                       "\"colour\"; the catalog has: genre, year"));
}

TEST(BoundQuery, WhatIsGivenInRowsStandsInForTheQuerysOwn) {
  const Query query = QueryOfAUser();
  EncodedUser user;
  user.history.push_back({.item = RowOf("i7"), .time_ms = 0, .value = 0});
  ItemFilter filter;
  filter.Exclude(std::vector<ItemRow>{RowOf("i8")});
  BoundQuery bound(query, TestBundle(), user, {}, filter);
  EXPECT_THAT(ItemsOf(bound.user()), ElementsAre(RowOf("i7")));
  EXPECT_EQ(bound.context().time_ms, 0);
  EXPECT_TRUE(bound.Filter()->Passes(RowOf("i7")));
  EXPECT_FALSE(bound.Filter()->Passes(RowOf("i8")));
}

TEST(BoundQuery, PinsTheItemsThatTheBundleHas) {
  const Query query;
  BoundQuery bound(query, TestBundle());
  bound.pinned_item_ids = {"i3", "nothing", "i2"};
  EXPECT_THAT(bound.PinnedItems(), ElementsAre(RowOf("i3"), RowOf("i2")));
}

TEST(BoundQuery, FindsTheGivenItemsAndNamesUnknownOnesOnce) {
  Query query;
  query.candidate_item_ids = {"i3", "nothing", "i2", "i3", "no", "nothing"};
  const BoundQuery::GivenItems given = BoundQuery(query, TestBundle()).given_items();
  EXPECT_THAT(given.rows, ElementsAre(RowOf("i3"), RowOf("i2"), RowOf("i3")));
  EXPECT_THAT(given.unknown_ids, ElementsAre("nothing", "no"));
}

TEST(BoundQuery, ReboundItIsEncodedAnewAndKeepsItsPins) {
  const Query query = QueryOfAUser();
  BoundQuery bound(query, TestBundle());
  bound.pinned_item_ids = {"i3"};
  bound.user();
  const std::shared_ptr<const Bundle> next = OtherTestModels().bundle();
  bound.Rebind(next);
  EXPECT_EQ(bound.shared_bundle(), next);
  EXPECT_THAT(ItemsOf(bound.user()),
              ElementsAre(*next->catalog.FindItem("i1"), *next->catalog.FindItem("i5")));
  EXPECT_THAT(bound.pinned_item_ids, ElementsAre("i3"));
}

TEST(BoundQuery, EffortTakesFromTheCandidatesButNeverFromTheAnswer) {
  const Query query{.count = 20, .candidate_count = 499};
  BoundQuery bound(query, SharedTestModels().bundle());
  EXPECT_EQ(bound.CandidatesToRank(), 499u);
  bound.effort.candidates = 0.5;
  EXPECT_EQ(bound.CandidatesToRank(), 250u);
  bound.effort.candidates = 0.01;
  EXPECT_EQ(bound.CandidatesToRank(), 20u);
}

}  // namespace
}  // namespace shortlist
