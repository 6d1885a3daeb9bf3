#include "features/kinds/retrieval_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using RetrievalEvidenceTest = FeatureExtractorTest;

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST_F(RetrievalEvidenceTest, IsTakenFromTheCandidate) {
  const Candidate candidate{2, 0.75F, SourceId::kSimilarToRecent};
  EXPECT_FLOAT_EQ(Value(FeatureKind::kTowerScore, candidate), 0.75F);
  EXPECT_EQ(Described(FeatureKind::kTowerScore, candidate), "0.75");
  EXPECT_FLOAT_EQ(Value(FeatureKind::kLogRank, candidate, 9), std::log(10.0F));
  EXPECT_THAT(Values(FeatureKind::kSource, candidate), ElementsAre(Pair(1, 1)));
}

TEST_F(RetrievalEvidenceTest, RanksGoOnBeyondThoseThatAreKept) {
  for (const size_t position : {0U, 4'999U, 5'000U, 6'000U})
    EXPECT_EQ(Value(FeatureKind::kLogRank, {0, 0, SourceId::kTwoTower}, position),
              std::log1p(static_cast<float>(position)));
}

TEST_F(RetrievalEvidenceTest, EverySourceThatTrainingKnowsHasAWeight) {
  EXPECT_THAT(Values(FeatureKind::kSource, {1, 0, SourceId::kTwoTower}), ElementsAre(Pair(0, 1)));
  EXPECT_THAT(Values(FeatureKind::kSource, {1, 0, SourceId::kPopular}), ElementsAre(Pair(2, 1)));
  EXPECT_EQ(FeatureExtractor::Create(Spec(FeatureKind::kSource), inputs_)->width(), 3);
}

TEST_F(RetrievalEvidenceTest, OfAnotherSourceTheSourceIsMissing) {
  EXPECT_THAT(Values(FeatureKind::kSource, {1, 0, SourceId::kPinned}), IsEmpty());
  EXPECT_THAT(Values(FeatureKind::kSource, {1, 0, SourceId{77}}), IsEmpty());
}

TEST_F(RetrievalEvidenceTest, AnItemThatWasGivenCountsAsFoundByTheTowers) {
  EXPECT_THAT(Values(FeatureKind::kSource, {1, 0, SourceId::kGiven}), ElementsAre(Pair(0, 1)));
}

TEST_F(RetrievalEvidenceTest, SourcesAreDescribedByTheirNamesOrElseTheirNumber) {
  auto described = [&](SourceId id) { return Described(FeatureKind::kSource, {1, 0, id}); };
  EXPECT_EQ(described(SourceId::kTwoTower), "two towers");
  EXPECT_EQ(described(SourceId::kSimilarToRecent), "similar to recent");
  EXPECT_EQ(described(SourceId::kPopular), "popular");
  EXPECT_EQ(described(SourceId::kPinned), "pinned");
  EXPECT_EQ(described(SourceId::kGiven), "given");
  EXPECT_EQ(described(SourceId{77}), "source 77");
}

}  // namespace
}  // namespace shortlist
