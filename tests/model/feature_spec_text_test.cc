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

TEST(FeatureSpecText, ErrorsNameFileAndLine) {
  const auto spec = ParseFeatureSpec("features {\n  name: \"a\"\n  colour: 3\n}\n", "spec.txtpb");
  EXPECT_EQ(spec.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(spec.status().message()),
              testing::AllOf(testing::HasSubstr("spec.txtpb:3"), testing::HasSubstr("colour")));
}

}  // namespace
}  // namespace shortlist
