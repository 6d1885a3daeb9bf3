#include "serving/bundle_registry.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace shortlist {
namespace {

std::shared_ptr<const Bundle> BundleNamed(const std::string& id) {
  auto bundle = std::make_shared<Bundle>();
  bundle->id = id;
  return bundle;
}

TEST(BundleRegistry, FindsTheCurrentAndThePreviousBundleOnly) {
  BundleRegistry bundles(BundleNamed("a"));
  EXPECT_EQ(bundles.Current()->id, "a");
  EXPECT_EQ(bundles.Find("a"), bundles.Current());
  EXPECT_EQ(bundles.Find("b"), nullptr);

  bundles.Replace(BundleNamed("b"));
  EXPECT_EQ(bundles.Current()->id, "b");
  EXPECT_EQ(bundles.Find("b")->id, "b");
  EXPECT_EQ(bundles.Find("a")->id, "a");

  bundles.Replace(BundleNamed("c"));
  EXPECT_EQ(bundles.Find("b")->id, "b");
  EXPECT_EQ(bundles.Find("a"), nullptr);
}

TEST(BundleRegistry, ABundleLivesAsLongAsARequestHoldsIt) {
  BundleRegistry bundles(BundleNamed("a"));
  const std::shared_ptr<const Bundle> held = bundles.Current();
  const std::weak_ptr<const Bundle> watched = held;
  bundles.Replace(BundleNamed("b"));
  bundles.Replace(BundleNamed("c"));
  EXPECT_EQ(held->id, "a");
  EXPECT_EQ(watched.use_count(), 1);
}

}  // namespace
}  // namespace shortlist
