#include "pipeline/rule_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

const Bundle& TestBundle() { return *SharedTestModels().bundle(); }
ItemRow RowOf(const std::string& id) { return *TestBundle().catalog.FindItem(id); }

TEST(RuleEncoder, LimitsBecomeTheCodesOfTheirAttribute) {
  const EncodedRules rules =
      EncodeRules({.limits = {{.attribute = "genre", .max_items = 3}}}, TestBundle()).value();
  const AttributeSchema::Field& genre = *TestBundle().catalog.schema().FindField("genre");
  ASSERT_THAT(rules.limits, SizeIs(1));
  EXPECT_EQ(rules.limits[0].first_code, genre.first_code);
  EXPECT_EQ(rules.limits[0].end_code, genre.first_code + genre.values.size());
  EXPECT_EQ(rules.limits[0].most, 3u);
  EXPECT_THAT(rules.limit_names, ElementsAre("at most 3 per genre"));
}

TEST(RuleEncoder, ABoostAppliesToItsItemsAndToThoseThatMeetItsConditions) {
  const EncodedRules rules =
      EncodeRules({.boosts = {{.item_ids = {"i2", "nothing"},
                               .filter = {.all_of = {{.attribute = "genre",
                                                      .any_value = {"Drama"},
                                                      .range = {}}}},
                               .log_odds = 1.5F},
                              {.name = "these", .item_ids = {"i3"}, .log_odds = -1}}},
                  TestBundle())
          .value();
  ASSERT_THAT(rules.boosts, SizeIs(2));
  EXPECT_EQ(rules.boosts[0].name, "boost");
  EXPECT_TRUE(rules.boosts[0].AppliesTo(RowOf("i2")));
  EXPECT_TRUE(rules.boosts[0].AppliesTo(RowOf("i1")));  // A drama.
  EXPECT_FALSE(rules.boosts[0].AppliesTo(RowOf("i3")));
  EXPECT_EQ(rules.boosts[1].name, "these");
  EXPECT_TRUE(rules.boosts[1].AppliesTo(RowOf("i3")));
  EXPECT_FALSE(rules.boosts[1].AppliesTo(RowOf("i1")));  // Without conditions none meets them.
}

TEST(RuleEncoder, PinsOfUnknownItemsAreLeftOut) {
  const EncodedRules rules =
      EncodeRules({.pins = {{.item_id = "nothing", .place = 0}, {.item_id = "i7", .place = 4}}},
                  TestBundle())
          .value();
  ASSERT_THAT(rules.pins, SizeIs(1));
  EXPECT_EQ(rules.pins[0].item, RowOf("i7"));
  EXPECT_EQ(rules.pins[0].place, 4u);
}

TEST(RuleEncoder, NamesTheFieldThatTheCatalogDoesNotHave) {
  EXPECT_EQ(EncodeRules({.limits = {{.attribute = "genre"}, {.attribute = "colour"}}}, TestBundle())
                .status(),
            absl::InvalidArgumentError("re_ranking.limits[1].attribute: unknown item attribute "
                                       "\"colour\"; the catalog has: genre, year"));
}

TEST(RuleEncoder, AValueFunctionThatLooksAtLikingNeedsTheHead) {
  const ReRankingRules rules{.value_function = ValueFunction{.liked_worth = 1}};
  EXPECT_TRUE(CheckLikedHead(rules, TestBundle()).ok());
  EXPECT_EQ(CheckLikedHead(rules, *OtherTestModels().bundle()),
            absl::InvalidArgumentError("re_ranking.value_function.liked_worth: the bundle has no "
                                       "head for liked items; train it with --liked-head"));
  EXPECT_TRUE(CheckLikedHead({}, *OtherTestModels().bundle()).ok());
}

}  // namespace
}  // namespace shortlist
