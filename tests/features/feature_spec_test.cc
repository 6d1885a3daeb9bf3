#include "features/feature_spec.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace shortlist {
namespace {

FeatureSpec Popularity() {
  return {.features = {{.name = "popularity",
                        .kind = FeatureKind::kLogPopularity,
                        .mean = 0.5F,
                        .deviation = 2}}};
}

TEST(FeatureSpec, FingerprintsAreThoseOfBundlesThatAreServed) {
  // XXH3 of "popularity\n4\n\n\n\n", 0.5F, 2.0F, computed elsewhere.
  FeatureSpec spec = Popularity();
  EXPECT_EQ(spec.Fingerprint(), 437383388371668864ULL);
  // And of that with "genre\n5\ngenre\n\n\n", 0.0F, 1.0F, "hash 7\n".
  spec.features.push_back({.name = "genre",
                           .kind = FeatureKind::kItemAttribute,
                           .item_attribute = "genre",
                           .hash_size = 7});
  EXPECT_EQ(spec.Fingerprint(), 17230249553722884117ULL);
}

TEST(FeatureSpec, FingerprintDependsOnEverythingInTheSpec) {
  std::vector<FeatureSpec> specs(11, Popularity());
  specs[1].features[0].name = "f";
  specs[2].features[0].kind = FeatureKind::kLikeRate;
  specs[3].features[0].item_attribute = "a";
  specs[4].features[0].user_attribute = "a";
  specs[5].features[0].context_attribute = "a";
  specs[6].features[0].mean = 1;
  specs[7].features[0].deviation = 1;
  specs[8].features[0].transform = FeatureTransform::kLog;
  specs[9].features[0].hash_size = 1;
  specs[10].features[0].bucket_edges = {1};
  specs.push_back({.features = {Popularity().features[0], Popularity().features[0]}});
  specs.emplace_back();
  std::set<uint64_t> fingerprints;
  for (const FeatureSpec& spec : specs) fingerprints.insert(spec.Fingerprint());
  EXPECT_EQ(fingerprints.size(), specs.size());
}

TEST(FeatureSpec, FingerprintDoesNotDependOnWhereTheSpecWasRead) {
  FeatureSpec spec = Popularity();
  spec.features[0].origin = "spec.txtpb:3: ";
  EXPECT_EQ(spec.Fingerprint(), Popularity().Fingerprint());
}

TEST(FeatureSpec, AnInvalidFeatureIsNamedWithTheLineThatDeclaresIt) {
  Feature feature = Popularity().features[0];
  EXPECT_EQ(InvalidFeature(feature, "is odd"),
            absl::InvalidArgumentError("feature popularity: is odd"));
  feature.origin = "spec.txtpb:3: ";
  EXPECT_EQ(InvalidFeature(feature, "is odd"),
            absl::InvalidArgumentError("spec.txtpb:3: feature popularity: is odd"));
}

}  // namespace
}  // namespace shortlist
