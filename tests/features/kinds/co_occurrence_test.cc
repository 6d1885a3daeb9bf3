#include "features/kinds/co_occurrence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using CoOccurrenceTest = FeatureExtractorTest;

TEST_F(CoOccurrenceTest, SumsTheHistoryLaterItemsWeighingMore) {
  // Item a, one step back, has c with 0.25; b, the latest, does not.
  EXPECT_FLOAT_EQ(Value(FeatureKind::kCoOccurrence, {2, 0, SourceId::kTwoTower}),
                  0.25F * std::exp2(-1.0F / 20));
  EXPECT_FLOAT_EQ(Value(FeatureKind::kCoOccurrence, {0, 0, SourceId::kTwoTower}), 0.5F);
}

TEST_F(CoOccurrenceTest, LooksFiftyItemsBack) {
  // Item a, which has b with 0.5, and then c, which has nothing, again and again.
  const Candidate b{1, 0, SourceId::kTwoTower};
  user_.history.assign(50, {2, 0, 0});
  user_.history.front().item = 0;
  EXPECT_FLOAT_EQ(Value(FeatureKind::kCoOccurrence, b), 0.5F * std::exp2(-49.0F / 20));
  EXPECT_EQ(Described(FeatureKind::kCoOccurrence, b), "Alpha");
  user_.history.push_back({2, 0, 0});
  EXPECT_EQ(Value(FeatureKind::kCoOccurrence, b), 0);
  EXPECT_EQ(Described(FeatureKind::kCoOccurrence, b), "none");
}

TEST_F(CoOccurrenceTest, ANewUserHasNone) {
  user_.history.clear();
  EXPECT_EQ(Value(FeatureKind::kCoOccurrence, {0, 0, SourceId::kPopular}), 0);
}

}  // namespace
}  // namespace shortlist
