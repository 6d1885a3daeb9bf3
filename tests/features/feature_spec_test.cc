#include "features/feature_spec.h"

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

TEST_F(FeatureExtractorTest, FingerprintDependsOnEverythingInTheSpec) {
  FeatureSpec spec = Spec(FeatureKind::kTowerScore);
  const uint64_t before = spec.Fingerprint();
  EXPECT_EQ(Spec(FeatureKind::kTowerScore).Fingerprint(), before);
  spec.features[0].mean = 1;
  EXPECT_NE(spec.Fingerprint(), before);
}

}  // namespace
}  // namespace shortlist
