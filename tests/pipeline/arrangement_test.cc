#include "pipeline/arrangement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "model/live_bundle.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Candidates i0, i1, ... with the scores that a test gives them. Item i has the genre i % 4.
class ArrangementTest : public testing::Test {
 protected:
  static absl::Status Bind(const ReRankingRules& configured, const ReRankingRules& requested) {
    const ConfiguredRules rules(configured);
    return Arrangement(rules, requested).Bind(SharedTestModels().bundle());
  }
  std::vector<ShownCandidate> Order(size_t count) const {
    std::vector<Candidate> candidates;
    for (size_t i = 0; i < scores_.ranker.size(); ++i)
      candidates.push_back({.item = *bundle_->catalog.FindItem(absl::StrCat("i", i)),
                            .score = 0,
                            .source = SourceId::kTwoTower});
    const ConfiguredRules configured(configured_);
    Arrangement arrangement(configured, requested_);
    const absl::Status status = arrangement.Bind(bundle_);
    EXPECT_TRUE(status.ok()) << status;
    return arrangement.Order(candidates, scores_, count);
  }
  std::vector<size_t> Positions(size_t count) const {
    std::vector<size_t> positions;
    for (const ShownCandidate& shown : Order(count)) positions.push_back(shown.candidate);
    return positions;
  }

  const std::shared_ptr<const Bundle> bundle_ = SharedTestModels().bundle();
  Scores scores_{.ranker = {0.5F, 2, 1, 2, -1, 0}, .liked = {}};
  ReRankingRules configured_, requested_;
};

TEST_F(ArrangementTest, WithoutRulesTheBestScoresComeFirstAndEqualOnesAsTheyStand) {
  EXPECT_THAT(Positions(4), ElementsAre(1, 3, 2, 0));
  EXPECT_THAT(Positions(10), ElementsAre(1, 3, 2, 0, 5, 4));
  EXPECT_THAT(Order(1)[0].moved_by, IsEmpty());
}

TEST_F(ArrangementTest, WithoutScoresTheOrderOfTheCandidatesCountsAndRulesStillDo) {
  const auto positions = [&] {
    const ConfiguredRules configured(configured_);
    Arrangement arrangement(configured, requested_);
    EXPECT_TRUE(arrangement.Bind(bundle_).ok());
    std::vector<Candidate> candidates;
    for (const char* id : {"i0", "i4", "i8", "i1", "i2"})
      candidates.push_back(
          {.item = *bundle_->catalog.FindItem(id), .score = 0, .source = SourceId::kPopular});
    std::vector<size_t> shown;
    for (const ShownCandidate& place : arrangement.OrderUnranked(candidates, 4))
      shown.push_back(place.candidate);
    return shown;
  };
  EXPECT_THAT(positions(), ElementsAre(0, 1, 2, 3));
  requested_.min_probability = 0.9F;
  requested_.value_function = ValueFunction{.liked_worth = 2};
  EXPECT_THAT(positions(), ElementsAre(0, 1, 2, 3)) << "there are no probabilities";
  requested_.limits = {{.attribute = "genre", .max_items = 1}};
  configured_.pins = {{.item_id = "i2", .place = 0}};
  EXPECT_THAT(positions(), testing::Contains(4u));
  EXPECT_EQ(positions()[0], 4u);
  EXPECT_EQ(positions()[1], 0u);
  EXPECT_EQ(positions()[2], 3u);
}

TEST_F(ArrangementTest, RulesOfBothAreInForceAndNamedWhereTheyMovedAnItem) {
  configured_.pins = {{.item_id = "i4", .place = 0}};
  requested_.boosts = {{.name = "zero", .item_ids = {"i0"}, .log_odds = 5}};
  const std::vector<ShownCandidate> shown = Order(3);
  EXPECT_EQ(shown[0].candidate, 4u);
  EXPECT_THAT(shown[0].moved_by, ElementsAre("pinned"));
  EXPECT_EQ(shown[0].place_by_score, 5u);
  EXPECT_EQ(shown[1].candidate, 0u);
  EXPECT_THAT(shown[1].moved_by, ElementsAre("zero"));
  EXPECT_EQ(shown[2].candidate, 1u);
}

TEST_F(ArrangementTest, NumbersOfTheRequestReplaceThoseOfTheConfiguration) {
  configured_.min_probability = 1;
  requested_.min_probability = 0;
  const ConfiguredRules configured(configured_);
  EXPECT_TRUE(Arrangement(configured, requested_).MovesNothing({}));
  const ReRankingRules none;
  EXPECT_FALSE(Arrangement(configured, none).MovesNothing({}));
}

TEST_F(ArrangementTest, ANewItemHasOneOfTenPlacesUnlessThatIsSwitchedOff) {
  const auto live = *LiveBundle::Make(bundle_);
  const ItemState state{.presence = ItemState::Presence::kUpserted,
                        .attributes = {{"genre", {"Horror"}}}};
  const LiveBundle::Item item{"new", &state};
  const std::shared_ptr<const Bundle> bundle = *live->Apply({&item, 1}, 0);
  std::vector<Candidate> candidates;
  for (ItemRow row = 0; row < 60; ++row) candidates.push_back({row, 0, SourceId::kTwoTower});
  Scores scores;
  for (int i = 0; i < 60; ++i) scores.ranker.push_back(static_cast<float>(-i));
  auto order = [&](const ReRankingRules& requested) {
    const ConfiguredRules configured(configured_);
    Arrangement arrangement(configured, requested);
    EXPECT_TRUE(arrangement.Bind(bundle).ok());
    EXPECT_EQ(arrangement.MovesNothing(candidates), requested.new_item_interval == 0);
    return arrangement.Order(candidates, scores, 10);
  };
  EXPECT_EQ(order({.new_item_interval = 0})[9].candidate, 9u);
  candidates[11].item = *bundle->catalog.FindItem("new");
  EXPECT_EQ(order({.new_item_interval = 0})[9].candidate, 9u);
  const std::vector<ShownCandidate> shown = order({});
  EXPECT_EQ(shown[9].candidate, 11u);
  EXPECT_EQ(shown[9].place_by_score, 11u);
  EXPECT_THAT(shown[9].moved_by, ElementsAre("new item"));
}

TEST_F(ArrangementTest, AValueFunctionOrdersByWhatBothHeadsSay) {
  scores_ = {.ranker = {0, 0, 0}, .liked = {-3, 3, 0}};
  requested_.value_function = ValueFunction{.liked_worth = 10};
  EXPECT_THAT(Positions(3), ElementsAre(1, 2, 0));
  requested_.value_function = ValueFunction{};
  EXPECT_THAT(Positions(3), ElementsAre(0, 1, 2));
}

TEST_F(ArrangementTest, WhatTheBundleDoesNotFitIsTheFaultOfWhoSaysIt) {
  const ReRankingRules unknown{.limits = {{.attribute = "colour"}}};
  EXPECT_EQ(Bind({}, unknown).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Bind(unknown, {}).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ArrangementTest, BoundAgainOrdersTheCandidatesOfTheOtherBundle) {
  const std::shared_ptr<const Bundle> other = OtherTestModels().bundle();
  const ReRankingRules boost{.boosts = {{.name = "", .item_ids = {"i3"}, .log_odds = 9}}};
  const ConfiguredRules configured(boost);
  const ReRankingRules requested;
  Arrangement arrangement(configured, requested);
  ASSERT_TRUE(arrangement.Bind(bundle_).ok());
  ASSERT_TRUE(arrangement.Bind(other).ok());
  std::vector<Candidate> candidates;
  for (const char* id : {"i1", "i3"})
    candidates.push_back(
        {.item = *other->catalog.FindItem(id), .score = 0, .source = SourceId::kTwoTower});
  EXPECT_EQ(arrangement.Order(candidates, {.ranker = {1, 0}, .liked = {}}, 1)[0].candidate, 1u);
}

TEST_F(ArrangementTest, NamesThePinnedItemsOfBoth) {
  configured_.pins = {{.item_id = "i4"}};
  requested_.pins = {{.item_id = "i2"}};
  const ConfiguredRules configured(configured_);
  EXPECT_THAT(Arrangement(configured, requested_).PinnedItemIds(), ElementsAre("i4", "i2"));
}

}  // namespace
}  // namespace shortlist
