#include "features/kinds/retrieval_evidence.h"

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

TEST_F(FeatureExtractorTest, RetrievalEvidenceIsTakenFromTheCandidate) {
  const Candidate candidate{2, 0.75F, SourceId::kSimilarToRecent};
  EXPECT_FLOAT_EQ(Value(FeatureKind::kTowerScore, candidate), 0.75F);
  EXPECT_FLOAT_EQ(Value(FeatureKind::kLogRank, candidate, 9), std::log(10.0F));
  EXPECT_THAT(Values(FeatureKind::kSource, candidate), testing::ElementsAre(testing::Pair(1, 1)));
}

TEST_F(FeatureExtractorTest, TheSourceOfAPinnedCandidateIsMissing) {
  EXPECT_THAT(Values(FeatureKind::kSource, {1, 0, SourceId::kPinned}), testing::IsEmpty());
}

}  // namespace
}  // namespace shortlist
