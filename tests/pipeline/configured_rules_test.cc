#include "pipeline/configured_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(ConfiguredRules, AreEncodedOnceForABundle) {
  const ConfiguredRules rules({.limits = {{.attribute = "genre", .max_items = 3}}});
  const auto first = rules.For(SharedTestModels().bundle()).value();
  EXPECT_EQ(rules.For(SharedTestModels().bundle()).value(), first);
  EXPECT_NE(rules.For(OtherTestModels().bundle()).value(), first);
}

TEST(ConfiguredRules, DoNotKeepABundleThatNobodyElseHas) {
  const ConfiguredRules rules({.limits = {{.attribute = "genre", .max_items = 3}}});
  std::shared_ptr<const Bundle> bundle =
      LoadBundle(SharedTestModels().folder() / SharedTestModels().bundle()->version).value();
  const std::weak_ptr<const Bundle> kept = bundle;
  ASSERT_TRUE(rules.For(bundle).ok());
  bundle = nullptr;
  EXPECT_TRUE(kept.expired());
}

TEST(ConfiguredRules, WhatTheBundleDoesNotFitIsTheOperatorsDoing) {
  const ConfiguredRules rules({.limits = {{.attribute = "colour"}}});
  const absl::Status status = rules.For(SharedTestModels().bundle()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              testing::HasSubstr("the service's configuration does not fit bundle"));
  const ConfiguredRules valued({.value_function = ValueFunction{.liked_worth = 1}});
  EXPECT_TRUE(valued.CheckLikedHead(*SharedTestModels().bundle()).ok());
  EXPECT_EQ(valued.CheckLikedHead(*OtherTestModels().bundle()).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace shortlist
