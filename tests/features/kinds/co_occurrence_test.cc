#include "features/kinds/co_occurrence.h"

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

TEST_F(FeatureExtractorTest, CoOccurrenceSumsTheHistoryLaterItemsWeighingMore) {
  // Item a, one step back, has c with 0.25; b, the latest, does not.
  EXPECT_FLOAT_EQ(Value(FeatureKind::kCoOccurrence, {2, 0, SourceId::kTwoTower}),
                  0.25F * std::exp2(-1.0F / 20));
  EXPECT_FLOAT_EQ(Value(FeatureKind::kCoOccurrence, {0, 0, SourceId::kTwoTower}), 0.5F);
}

}  // namespace
}  // namespace shortlist
