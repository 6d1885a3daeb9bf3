#include "features/kinds/item_statistics.h"

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

TEST_F(FeatureExtractorTest, PopularityIsRelativeToTheAverageItem) {
  EXPECT_FLOAT_EQ(Value(FeatureKind::kLogPopularity, {0, 0, SourceId::kTwoTower}),
                  std::log(31.0F / (40.0F / 3 + 1)));
}

TEST_F(FeatureExtractorTest, LikeRateIsSmoothedWithTenAverageInteractions) {
  // Of all, 24 of 40 are liked.
  const auto rate = [&](ItemRow item) {
    return Value(FeatureKind::kLikeRate, {item, 0, SourceId::kTwoTower});
  };
  EXPECT_FLOAT_EQ(rate(0), (24 + 6) / 40.0F);
  EXPECT_FLOAT_EQ(rate(1), 6 / 20.0F);
  EXPECT_FLOAT_EQ(rate(2), 0.6F);
}

}  // namespace
}  // namespace shortlist
