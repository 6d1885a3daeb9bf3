#include "pipeline/arrangement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Candidates i0, i1, ... with the scores that a test gives them. Item i has the genre i % 4.
class ArrangementTest : public testing::Test {
 protected:
  std::vector<ShownCandidate> Order(size_t count) const {
    std::vector<Candidate> candidates;
    for (size_t i = 0; i < scores_.ranker.size(); ++i)
      candidates.push_back({.item = *bundle_->catalog.FindItem(absl::StrCat("i", i)),
                            .score = 0,
                            .source = SourceId::kTwoTower});
    const ConfiguredRules configured(configured_);
    auto shown = Arrangement(configured, requested_).Order(candidates, scores_, bundle_, count);
    EXPECT_TRUE(shown.ok()) << shown.status();
    return *std::move(shown);
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
  EXPECT_TRUE(Arrangement(configured, requested_).empty());
  EXPECT_FALSE(Arrangement(configured, {}).empty());
}

TEST_F(ArrangementTest, AValueFunctionOrdersByWhatBothHeadsSay) {
  scores_ = {.ranker = {0, 0, 0}, .liked = {-3, 3, 0}};
  requested_.value_function = ValueFunction{.liked_worth = 10};
  EXPECT_THAT(Positions(3), ElementsAre(1, 2, 0));
  requested_.value_function = ValueFunction{};
  EXPECT_THAT(Positions(3), ElementsAre(0, 1, 2));
}

TEST_F(ArrangementTest, NamesThePinnedItemsOfBoth) {
  configured_.pins = {{.item_id = "i4"}};
  requested_.pins = {{.item_id = "i2"}};
  const ConfiguredRules configured(configured_);
  EXPECT_THAT(Arrangement(configured, requested_).PinnedItemIds(), ElementsAre("i4", "i2"));
}

}  // namespace
}  // namespace shortlist
