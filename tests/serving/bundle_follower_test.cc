#include "serving/bundle_follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class BundleFollowerTest : public testing::Test {
 protected:
  BundleFollowerTest() { CopyTestModels(folder_.path()); }
  BundleFollower::Parts Parts() {
    return {.models_dir = folder_.path(), .bundles = &bundles_, .catalog = &catalog_, .check = {}};
  }
  void Name(const std::string& version) { folder_.Write("CURRENT", version + "\n"); }

  const TemporaryFolder folder_;
  const std::string first_ = SharedTestModels().bundle()->version;
  const std::string second_ = OtherTestModels().bundle()->version;
  const Clock clock_ = &absl::Now;
  BundleRegistry bundles_{SharedTestModels().bundle()};
  LiveCatalog catalog_{bundles_};
};

TEST_F(BundleFollowerTest, ServesWhatCurrentNamesAndGoesBack) {
  BundleFollower follower(Parts(), clock_);
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_EQ(bundles_.Current(), SharedTestModels().bundle());
  Name(second_);
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_EQ(bundles_.Current()->id, OtherTestModels().bundle()->id);
  EXPECT_EQ(bundles_.Previous(), SharedTestModels().bundle());
  Name(first_);
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_EQ(bundles_.Current()->id, SharedTestModels().bundle()->id);
}

TEST_F(BundleFollowerTest, ChangesOfTheCatalogAreCarriedOver) {
  BundleFollower follower(Parts(), clock_);
  const ItemChange deletion{.kind = ItemChange::Kind::kDelete, .item_id = "i3"};
  ASSERT_TRUE(catalog_.Apply({&deletion, 1}, 0).ok());
  Name(second_);
  ASSERT_TRUE(follower.CatchUp().ok());
  const std::shared_ptr<const Bundle> bundle = bundles_.Current();
  EXPECT_EQ(bundle->id, OtherTestModels().bundle()->id);
  EXPECT_TRUE(bundle->catalog.IsDeleted(bundle->catalog.FindItem("i3").value()));
}

TEST_F(BundleFollowerTest, OneThatIsDamagedOrFailsItsCheckIsLeftOut) {
  BundleFollower::Parts parts = Parts();
  int checks = 0;
  parts.check = [&](const std::shared_ptr<const Bundle>& served,
                    const std::shared_ptr<const Bundle>& next) {
    EXPECT_EQ(served, SharedTestModels().bundle());
    EXPECT_EQ(next->id, OtherTestModels().bundle()->id);
    ++checks;
    return checks == 1 ? absl::FailedPreconditionError("no head") : absl::OkStatus();
  };
  BundleFollower follower(parts, clock_);
  Name("none");
  EXPECT_THAT(std::string(follower.CatchUp().message()), HasSubstr("none/manifest.json"));
  Name(second_);
  EXPECT_EQ(follower.CatchUp(), absl::FailedPreconditionError("no head"));
  EXPECT_EQ(follower.CatchUp(), absl::FailedPreconditionError("no head"));
  EXPECT_EQ(checks, 1);  // Not again, until it is named again.
  EXPECT_EQ(bundles_.Current(), SharedTestModels().bundle());
  Name(first_);
  EXPECT_TRUE(follower.CatchUp().ok());
  Name(second_);
  EXPECT_TRUE(follower.CatchUp().ok());
  EXPECT_EQ(bundles_.Current()->id, OtherTestModels().bundle()->id);
}

}  // namespace
}  // namespace shortlist
