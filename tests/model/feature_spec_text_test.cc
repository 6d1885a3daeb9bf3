#include "model/feature_spec_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(FeatureSpecText, WhatIsWrittenIsReadBackBitForBit) {
  FeatureSpec spec;
  spec.features.push_back({.name = "tower_score", .mean = 0.1F, .deviation = 1.0F / 3});
  spec.features.push_back({.name = "gender_x_genre",
                           .kind = FeatureKind::kUserXItem,
                           .item_attribute = "genre",
                           .user_attribute = "gender"});
  const auto read = ParseFeatureSpec(FormatFeatureSpec(spec), "spec.txtpb");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Fingerprint(), spec.Fingerprint());
}

TEST(FeatureSpecText, TransformsAndHashingAreReadBack) {
  FeatureSpec spec;
  spec.features.push_back({.name = "year",
                           .kind = FeatureKind::kItemNumber,
                           .item_attribute = "year",
                           .transform = FeatureTransform::kBuckets,
                           .bucket_edges = {0.1F, 1990}});
  spec.features.push_back({.name = "job",
                           .kind = FeatureKind::kUserAttribute,
                           .user_attribute = "job",
                           .hash_size = 100});
  const auto read = ParseFeatureSpec(FormatFeatureSpec(spec), "spec.txtpb");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Fingerprint(), spec.Fingerprint());
  EXPECT_EQ(read->features[0].bucket_edges, spec.features[0].bucket_edges);
}

// The second feature, which begins in line 5, is wrong.
std::string ErrorOf(const std::string& feature) {
  const auto spec = ParseFeatureSpec(
      "features {\n  name: \"a\"\n  kind: FEATURE_KIND_SOURCE\n}\nfeatures {\n" + feature + "\n}\n",
      "spec.txtpb");
  return std::string(spec.status().message());
}

TEST(FeatureSpecText, AFeatureThatCannotBeIsRefusedWithItsLine) {
  EXPECT_EQ(ErrorOf("name: \"b\" kind: FEATURE_KIND_SOURCE"), "");
  EXPECT_EQ(ErrorOf("kind: FEATURE_KIND_SOURCE"), "spec.txtpb:5: feature : its name is empty");
  EXPECT_EQ(ErrorOf("name: \"b\""), "spec.txtpb:5: feature b: its kind is not known");
  EXPECT_EQ(ErrorOf("name: \"b\" kind: 77"), "spec.txtpb:5: feature b: its kind is not known");
  EXPECT_EQ(ErrorOf("name: \"a\" kind: FEATURE_KIND_LOG_RANK"),
            "spec.txtpb:5: feature a: is there more than once");
  EXPECT_EQ(ErrorOf("name: \"b\" kind: FEATURE_KIND_USER_X_ITEM user_attribute: \"job\""),
            "spec.txtpb:5: feature b: its kind needs item_attribute");
  EXPECT_EQ(ErrorOf("name: \"b\" kind: FEATURE_KIND_ITEM_ATTRIBUTE item_attribute: \"genre\" "
                    "user_attribute: \"job\""),
            "spec.txtpb:5: feature b: its kind has no user_attribute");
  EXPECT_EQ(ErrorOf("name: \"b\" kind: FEATURE_KIND_SOURCE transform: FEATURE_TRANSFORM_LOG"),
            "spec.txtpb:5: feature b: its kind has no number to transform");
  EXPECT_EQ(ErrorOf("name: \"b\" kind: FEATURE_KIND_LOG_RANK hash_size: 9"),
            "spec.txtpb:5: feature b: its kind has nothing to hash");
  EXPECT_EQ(ErrorOf("name: \"b\" kind: FEATURE_KIND_LOG_RANK transform: 9"),
            "spec.txtpb:5: feature b: its transform is not known");
  EXPECT_EQ(ErrorOf("name: \"b\" kind: FEATURE_KIND_LOG_RANK bucket_edges: 1"),
            "spec.txtpb:5: feature b: bucket_edges belong to FEATURE_TRANSFORM_BUCKETS");
  EXPECT_EQ(ErrorOf("name: \"b\" kind: FEATURE_KIND_LOG_RANK transform: FEATURE_TRANSFORM_BUCKETS "
                    "bucket_edges: 1 bucket_edges: 1"),
            "spec.txtpb:5: feature b: bucket_edges do not ascend");
  EXPECT_EQ(ErrorOf("name: \"b\" kind: FEATURE_KIND_LOG_RANK deviation: -1"),
            "spec.txtpb:5: feature b: mean or deviation is out of range");
}

TEST(FeatureSpecText, ErrorsNameFileAndLine) {
  const auto spec = ParseFeatureSpec("features {\n  name: \"a\"\n  colour: 3\n}\n", "spec.txtpb");
  EXPECT_EQ(spec.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(spec.status().message()),
              testing::AllOf(testing::HasSubstr("spec.txtpb:3"), testing::HasSubstr("colour")));
}

}  // namespace
}  // namespace shortlist
