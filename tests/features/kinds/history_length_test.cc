#include "features/kinds/history_length.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using HistoryLengthTest = FeatureExtractorTest;

TEST_F(HistoryLengthTest, IsALogarithm) {
  const Candidate candidate{0, 0, SourceId::kTwoTower};
  EXPECT_FLOAT_EQ(Value(FeatureKind::kLogHistoryLength, candidate), std::log(3.0F));
  EXPECT_EQ(Described(FeatureKind::kLogHistoryLength, candidate), "2 interactions");
  user_.history.clear();
  EXPECT_EQ(Value(FeatureKind::kLogHistoryLength, candidate), 0);
}

}  // namespace
}  // namespace shortlist
