#include "model/bundle_registry.h"

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
  const std::shared_ptr<const Bundle> a = BundleNamed("a"), b = BundleNamed("b");
  BundleRegistry bundles(a);
  EXPECT_EQ(bundles.Current(), a);
  EXPECT_EQ(bundles.Find("a"), a);
  EXPECT_EQ(bundles.Find("b"), nullptr);

  bundles.Replace(b);
  EXPECT_EQ(bundles.Current(), b);
  EXPECT_EQ(bundles.Find("b"), b);
  EXPECT_EQ(bundles.Find("a"), a);

  bundles.Replace(BundleNamed("c"));
  EXPECT_EQ(bundles.Find("b"), b);
  EXPECT_EQ(bundles.Find("a"), nullptr);
}

TEST(BundleRegistry, PutsAChangedBundleInThePlaceOfTheOneOfItsId) {
  const std::shared_ptr<const Bundle> a = BundleNamed("a"), b = BundleNamed("b");
  BundleRegistry bundles(a);
  bundles.Replace(b);
  const std::shared_ptr<const Bundle> changed_a = BundleNamed("a"), changed_b = BundleNamed("b");
  bundles.Update(changed_a);
  EXPECT_EQ(bundles.Current(), b);
  EXPECT_EQ(bundles.Find("a"), changed_a);
  bundles.Update(changed_b);
  EXPECT_EQ(bundles.Current(), changed_b);
  bundles.Update(BundleNamed("c"));
  EXPECT_EQ(bundles.Find("c"), nullptr);
  EXPECT_EQ(bundles.Find("a"), changed_a);
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
