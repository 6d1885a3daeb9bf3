#include "serving/bundle_follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/background/pace.h"
#include "common/background/times_asleep.h"
#include "common/status_macros.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"
#include "tests/support/thread_work.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

// With versions of names that say which is the later one.
class BundleActivationTest : public testing::Test {
 protected:
  BundleActivationTest() {
    CopyTestModels(folder_.path());
    for (const char* version : {"1", "2", "3"}) Copy(OtherTestModels().bundle()->version, version);
    Copy(SharedTestModels().bundle()->version, "2");
    for (const TestModels* models : {&SharedTestModels(), &OtherTestModels()})
      std::filesystem::remove_all(folder_ / models->bundle()->version);
    Name("2");
    bundles_.emplace(LoadBundle(folder_ / "2").value());
    catalog_.emplace(*bundles_);
  }
  void Copy(const std::string& from, const std::string& to) const {
    std::filesystem::remove_all(folder_ / to);
    std::filesystem::copy(folder_ / from, folder_ / to, std::filesystem::copy_options::recursive);
  }
  BundleFollower::Parts Parts() {
    return {.models_dir = folder_.path(),
            .bundles = &*bundles_,
            .catalog = &*catalog_,
            .check = {},
            .canary = [this](const auto& served, const auto& next) -> absl::StatusOr<std::string> {
              tried_.push_back(served->version + " " + next->version);
              RETURN_IF_ERROR(canary_);
              return "all is well";
            }};
  }
  void Name(const std::string& version) const { folder_.Write("CURRENT", version + "\n"); }
  std::string Current() const { return CurrentVersion(folder_.path()).value(); }
  std::string Served() const { return bundles_->Current()->version; }

  const TemporaryFolder folder_;
  const Clock clock_ = [] { return absl::FromUnixSeconds(1'700'000'000); };
  std::optional<BundleRegistry> bundles_;
  std::optional<LiveCatalog> catalog_;
  std::vector<std::string> tried_;
  absl::Status canary_;
};

TEST_F(BundleActivationTest, AVersionThatPassesIsServedAndNamed) {
  BundleFollower follower(Parts(), clock_);
  ASSERT_TRUE(follower.Activate("3", CanaryUse::kTry).ok());
  EXPECT_THAT(tried_, ElementsAre("2 3"));
  EXPECT_EQ(Served(), "3");
  EXPECT_EQ(Current(), "3");
  EXPECT_TRUE(follower.CatchUp().ok());
  EXPECT_EQ(Served(), "3");
  EXPECT_THAT(follower.state().refused, IsEmpty());
}

TEST_F(BundleActivationTest, OneThatFailsItsCanaryIsNot) {
  BundleFollower follower(Parts(), clock_);
  canary_ = absl::FailedPreconditionError("canary: recall");
  const absl::Status status = follower.Activate("3", CanaryUse::kTry);
  EXPECT_EQ(status, absl::FailedPreconditionError("version 3 is not served: canary: recall"));
  EXPECT_EQ(Served(), "2");
  EXPECT_EQ(Current(), "2");
  const BundleFollower::State state = follower.state();
  ASSERT_TRUE(state.refused.contains("3"));
  EXPECT_EQ(state.refused.at("3").reason, canary_);
  EXPECT_EQ(state.refused.at("3").time, clock_());
  EXPECT_EQ(state.taking_up, "");
  EXPECT_TRUE(follower.CatchUp().ok());
  ASSERT_TRUE(follower.Activate("3", CanaryUse::kSkip).ok());
  EXPECT_EQ(Served(), "3");
  EXPECT_THAT(follower.state().refused, IsEmpty());
}

TEST_F(BundleActivationTest, OneThatCurrentNamesAndFailsItsCanaryIsRefusedUntilItIsNamedAnew) {
  BundleFollower follower(Parts(), clock_);
  canary_ = absl::FailedPreconditionError("canary: recall");
  Name("3");
  EXPECT_EQ(follower.CatchUp(), canary_);
  EXPECT_EQ(follower.CatchUp(), canary_);
  EXPECT_THAT(tried_, ElementsAre("2 3"));
  EXPECT_EQ(Served(), "2");
  EXPECT_TRUE(follower.state().refused.contains("3"));
  EXPECT_EQ(follower.RollBack().value(), "2");  // Served already.
  EXPECT_EQ(Current(), "2");
  EXPECT_TRUE(follower.CatchUp().ok());
  EXPECT_THAT(tried_, ElementsAre("2 3"));
}

TEST_F(BundleActivationTest, GoingBackIsNotTried) {
  BundleFollower follower(Parts(), clock_);
  canary_ = absl::FailedPreconditionError("canary: nothing in common");
  EXPECT_EQ(follower.RollBack().value(), "1");
  EXPECT_EQ(Served(), "1");
  EXPECT_EQ(Current(), "1");
  EXPECT_THAT(tried_, IsEmpty());
  EXPECT_EQ(follower.RollBack().status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(BundleActivationTest, RollingBackLeavesOutWhatWasRefused) {
  BundleFollower follower(Parts(), clock_);
  folder_.Write("2/ranker.arr", "damaged");
  ASSERT_TRUE(follower.Activate("3", CanaryUse::kSkip).ok());
  const absl::Status status = follower.Activate("2", CanaryUse::kTry);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("2/ranker.arr"));
  EXPECT_EQ(follower.RollBack().value(), "1");
}

// A swap took all that requests left of the cores, and a machine that has none left stood still.
TEST_F(BundleActivationTest, VersionsAreTakenUpAtAPaceUnlessSomebodyWaits) {
  BundleFollower::Parts parts = Parts();
  std::vector<int64_t> rests;
  parts.check = [&](const std::shared_ptr<const Bundle>& /*served*/,
                    const std::shared_ptr<const Bundle>& /*next*/) {
    const int64_t before = TimesAsleep();
    WorkAWhile();
    Pace::Keep();
    rests.push_back(TimesAsleep() - before);
    return absl::OkStatus();
  };
  BundleFollower follower(parts, clock_);
  EXPECT_TRUE(follower.Activate("3", CanaryUse::kTry).ok());
  EXPECT_TRUE(follower.RollBack().ok());
  Name("3");
  EXPECT_TRUE(follower.CatchUp().ok());
  follower.StopResting();
  EXPECT_TRUE(follower.Activate("1", CanaryUse::kTry).ok());
  ASSERT_EQ(rests.size(), 4u);
  EXPECT_GT(rests[0], 0);
  EXPECT_EQ(rests[1], 0) << "going back";
  EXPECT_GT(rests[2], 0);
  EXPECT_EQ(rests[3], 0) << "the service stops";
}

// It would have been served all the same, until the next look.
TEST_F(BundleActivationTest, AVersionThatIsNoLongerNamedWhenItIsReadyIsNotServed) {
  BundleFollower::Parts parts = Parts();
  std::vector<std::string> checked;
  parts.check = [&](const std::shared_ptr<const Bundle>& /*served*/,
                    const std::shared_ptr<const Bundle>& next) {
    checked.push_back(next->version);
    Name("2");
    return absl::OkStatus();
  };
  BundleFollower follower(parts, clock_);
  Name("3");
  EXPECT_TRUE(follower.CatchUp().ok());
  EXPECT_THAT(checked, ElementsAre("3"));
  EXPECT_EQ(Served(), "2");
  EXPECT_EQ(bundles_->Previous(), nullptr);
}

TEST_F(BundleActivationTest, WhatIsNoVersionIsSaid) {
  BundleFollower follower(Parts(), clock_);
  EXPECT_EQ(follower.Activate("9", CanaryUse::kTry).code(), absl::StatusCode::kNotFound);
  for (const char* name : {"", "../2", ".", "..", ".staging-1"})
    EXPECT_EQ(follower.Activate(name, CanaryUse::kTry),
              absl::InvalidArgumentError("version: is not the name of a version"))
        << name;
}

TEST_F(BundleActivationTest, StateIsThereWhileAVersionIsTried) {
  BundleFollower* asked = nullptr;
  std::string taking_up;
  absl::Status another;
  BundleFollower::Parts parts = Parts();
  parts.canary = [&](const auto&, const auto&) -> absl::StatusOr<std::string> {
    taking_up = asked->state().taking_up;
    another = asked->Activate("1", CanaryUse::kTry);
    return absl::FailedPreconditionError("no");
  };
  BundleFollower follower(parts, clock_);
  asked = &follower;
  EXPECT_FALSE(follower.Activate("3", CanaryUse::kTry).ok());
  EXPECT_EQ(taking_up, "3");
  EXPECT_EQ(another.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(follower.state().taking_up, "");
}

TEST_F(BundleActivationTest, OldVersionsAreRemovedAfterASwapButForThoseInUse) {
  Copy("1", "0");
  Copy("1", "4");
  BundleFollower::Parts parts = Parts();
  parts.keep = 1;
  BundleFollower follower(parts, clock_);
  const std::shared_ptr<const Bundle> elsewhere = LoadBundle(folder_ / "0").value();
  ASSERT_TRUE(follower.Activate("4", CanaryUse::kTry).ok());
  EXPECT_TRUE(std::filesystem::exists(folder_ / "0"));  // In use.
  EXPECT_FALSE(std::filesystem::exists(folder_ / "1"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "2"));  // The previous one.
  EXPECT_TRUE(std::filesystem::exists(folder_ / "3"));  // Before the current one.
  EXPECT_TRUE(std::filesystem::exists(folder_ / "4"));
}

}  // namespace
}  // namespace shortlist
