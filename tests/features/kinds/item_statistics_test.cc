#include "features/kinds/item_statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "features/growing_catalog.h"
#include "features/item_encoder.h"
#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using ItemStatisticsTest = FeatureExtractorTest;

TEST_F(ItemStatisticsTest, PopularityIsRelativeToTheAverageItem) {
  const Candidate candidate{0, 0, SourceId::kTwoTower};
  EXPECT_FLOAT_EQ(Value(FeatureKind::kLogPopularity, candidate), std::log(31.0F / (40.0F / 3 + 1)));
  EXPECT_EQ(Described(FeatureKind::kLogPopularity, candidate), "30 interactions");
}

TEST_F(ItemStatisticsTest, LikeRateIsSmoothedWithTenAverageInteractions) {
  // Of all, 24 of 40 are liked.
  const auto rate = [&](ItemRow item) {
    return Value(FeatureKind::kLikeRate, {item, 0, SourceId::kTwoTower});
  };
  EXPECT_FLOAT_EQ(rate(0), (24 + 6) / 40.0F);
  EXPECT_FLOAT_EQ(rate(1), 6 / 20.0F);
  EXPECT_FLOAT_EQ(rate(2), 0.6F);
  EXPECT_EQ(Described(FeatureKind::kLikeRate, {0, 0, SourceId::kTwoTower}), "24 of 30 liked");
}

TEST_F(ItemStatisticsTest, OfAnItemThatCameAfterTrainingAreSaidToBeThoseOfItsLike) {
  const Catalog base = catalog_;
  GrowingCatalog growing = *GrowingCatalog::Make(base);
  ASSERT_TRUE(growing.Append("new", EncodeItem("New", {}, base.schema()), {}).ok());
  catalog_ = growing.catalog(nullptr, nullptr);
  const std::vector<uint32_t> counts = {30, 10, 0, 20}, liked = {24, 0, 0, 12};
  statistics_ = {.counts = counts, .total = 40, .liked = liked, .total_liked = 24};
  const Candidate candidate{3, 0, SourceId::kTwoTower};
  EXPECT_FLOAT_EQ(Value(FeatureKind::kLogPopularity, candidate), std::log(21.0F / (40.0F / 3 + 1)));
  EXPECT_EQ(Described(FeatureKind::kLogPopularity, candidate),
            "20 interactions, as of what it is like");
  EXPECT_EQ(Described(FeatureKind::kLikeRate, candidate), "12 of 20 liked, as of what it is like");
}

TEST_F(ItemStatisticsTest, BeforeTheFirstInteractionBothAreZero) {
  const std::vector<uint32_t> none(3);
  statistics_ = {.counts = none, .total = 0, .liked = none, .total_liked = 0};
  EXPECT_EQ(Value(FeatureKind::kLogPopularity, {0, 0, SourceId::kTwoTower}), 0);
  EXPECT_EQ(Value(FeatureKind::kLikeRate, {0, 0, SourceId::kTwoTower}), 0);
}

TEST_F(ItemStatisticsTest, AreThoseOfTheMomentAsTrainingCountsThemUp) {
  const auto rate = FeatureExtractor::Create(Spec(FeatureKind::kLikeRate), inputs_);
  const auto popularity = FeatureExtractor::Create(Spec(FeatureKind::kLogPopularity), inputs_);
  ASSERT_TRUE(rate.ok() && popularity.ok());
  const std::vector<uint32_t> counts = {30, 20, 1}, liked = {24, 1, 0};
  statistics_ = {.counts = counts, .total = 51, .liked = liked, .total_liked = 25};
  std::vector<FeatureValue> values;
  rate->ComputeItem(1, values);
  EXPECT_FLOAT_EQ(values.at(0).value, (1 + 250.0F / 51) / 30);
  popularity->ComputeItem(1, values);
  EXPECT_FLOAT_EQ(values.at(0).value, std::log(21 / (51.0F / 3 + 1)));
}

}  // namespace
}  // namespace shortlist
