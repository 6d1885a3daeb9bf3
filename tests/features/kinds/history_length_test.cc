#include "features/kinds/history_length.h"

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

TEST_F(FeatureExtractorTest, HistoryLengthIsALogarithm) {
  EXPECT_FLOAT_EQ(Value(FeatureKind::kLogHistoryLength, {0, 0, SourceId::kTwoTower}),
                  std::log(3.0F));
}

}  // namespace
}  // namespace shortlist
