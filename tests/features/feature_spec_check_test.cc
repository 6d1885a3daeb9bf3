#include "features/feature_spec_check.h"

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

TEST_F(FeatureExtractorTest, SpecsThatDoNotFitAreRefusedByName) {
  auto message = [&](FeatureSpec spec) {
    const auto extractor = FeatureExtractor::Create(std::move(spec), inputs_);
    EXPECT_EQ(extractor.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(extractor.status().message());
  };
  FeatureSpec unknown = Spec(FeatureKind::kUserXItem);
  unknown.features[0].user_attribute = "height";
  EXPECT_THAT(message(unknown),
              testing::AllOf(testing::HasSubstr("feature f"), testing::HasSubstr("height")));
  FeatureSpec twice = Spec(FeatureKind::kTowerScore);
  twice.features.push_back(twice.features[0]);
  EXPECT_THAT(message(twice), testing::HasSubstr("more than once"));
  FeatureSpec flat = Spec(FeatureKind::kTowerScore);
  flat.features[0].deviation = 0;
  EXPECT_THAT(message(flat), testing::HasSubstr("deviation"));
  EXPECT_THAT(message(Spec(static_cast<FeatureKind>(99))), testing::HasSubstr("kind"));
  FeatureSpec words = Spec(FeatureKind::kItemNumber);
  words.features[0].item_attribute = "genre";
  EXPECT_THAT(message(words), testing::HasSubstr("\"genre\" is not a number"));
  FeatureSpec wide = Spec(FeatureKind::kUserXItem);
  wide.features[0].hash_size = 4'000'000'000;
  EXPECT_THAT(message(wide), testing::HasSubstr("hash_size"));
}

}  // namespace
}  // namespace shortlist
