#include "features/kinds/history_affinity.h"

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

TEST_F(FeatureExtractorTest, AffinityComparesTheHistoryWithAllInteractions) {
  // One of two in the history is a drama; of all interactions, 10 of 40 (smoothed by one).
  const double share = 11.0 / 41;
  EXPECT_NEAR(Value(FeatureKind::kHistoryAffinity, {1, 0, SourceId::kTwoTower}),
              std::log((1 + 10 * share) / (12 * share)), 1e-5);
}

}  // namespace
}  // namespace shortlist
