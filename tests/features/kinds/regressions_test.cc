#include "features/kinds/regressions.h"

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

TEST_F(FeatureExtractorTest, RegressionsAreSharesOfTheLargestAmongTheCandidates) {
  // The history's b, a at half the weight: (0, 1) + 0.5 (1, 0). Times each item's: 0.2, 0.3, -0.5.
  const std::vector<Candidate> candidates = {
      {0, 0, SourceId::kTwoTower}, {1, 0, SourceId::kTwoTower}, {2, 0, SourceId::kTwoTower}};
  for (const FeatureKind kind : {FeatureKind::kHistoryRegression, FeatureKind::kNextRegression}) {
    const auto extractor = FeatureExtractor::Create(Spec(kind), inputs_);
    ASSERT_TRUE(extractor.ok()) << extractor.status();
    const auto request = extractor->Begin(user_, context_, candidates);
    std::vector<float> values;
    for (size_t position = 0; position < candidates.size(); ++position) {
      std::vector<FeatureValue> value;
      extractor->Compute(request, position, value);
      values.push_back(value.at(0).value);
    }
    EXPECT_THAT(values,
                testing::Pointwise(testing::FloatNear(0.02F), {0.2F / 0.3F, 1.0F, -0.5F / 0.3F}));
    // What speaks most for the first is item a, 0.5 x 0.4; for the second b; for the third none.
    EXPECT_EQ(extractor->Describe(request, 0, 0), "Alpha");
    EXPECT_EQ(extractor->Describe(request, 1, 0), "Beta");
    EXPECT_EQ(extractor->Describe(request, 2, 0), "none");
  }
}

TEST_F(FeatureExtractorTest, ARegressionThatExpectsNothingIsZero) {
  EXPECT_EQ(Value(FeatureKind::kNextRegression, {2, 0, SourceId::kTwoTower}), 0);
}

TEST_F(FeatureExtractorTest, ARegressionThatTheBundleDoesNotHaveIsRefused) {
  const ItemFactors none;
  inputs_.next_regression = &none;
  const auto extractor = FeatureExtractor::Create(Spec(FeatureKind::kNextRegression), inputs_);
  EXPECT_EQ(extractor.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(extractor.status().message()), testing::HasSubstr("feature f"));
}

}  // namespace
}  // namespace shortlist
