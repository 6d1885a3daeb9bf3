#include "model/bundle_lease.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "model/bundle.h"
#include "model/bundle_versions.h"
#include "model/manifest.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(BundleLease, KeepsAVersionFromBeingRemoved) {
  const TemporaryFolder folder;
  folder.Write("file", "content");
  ASSERT_TRUE(WriteManifest(folder.path()).ok());
  std::shared_ptr<const void> lease = LeaseVersion(folder.path()).value();
  const std::shared_ptr<const void> another = LeaseVersion(folder.path()).value();
  EXPECT_NE(another, nullptr);
  EXPECT_EQ(LockUnusedVersion(folder.path()), nullptr);
}

TEST(BundleLease, IsRefusedWhileTheVersionIsBeingRemoved) {
  const TemporaryFolder folder;
  folder.Write("file", "content");
  ASSERT_TRUE(WriteManifest(folder.path()).ok());
  std::shared_ptr<const void> lock = LockUnusedVersion(folder.path());
  ASSERT_NE(lock, nullptr);
  EXPECT_EQ(LeaseVersion(folder.path()).status().code(), absl::StatusCode::kUnavailable);
  lock = nullptr;
  EXPECT_TRUE(LeaseVersion(folder.path()).ok());
  EXPECT_EQ(LeaseVersion(folder / "none").status().code(), absl::StatusCode::kNotFound);
}

TEST(BundleLease, ALoadedBundleHasOneAsLongAsItLives) {
  const TemporaryFolder folder;
  CopyTestModels(folder.path());
  // So that "0" is not the one before the current version.
  for (const char* version : {"0", "1"})
    std::filesystem::copy(folder / SharedTestModels().bundle()->version, folder / version);
  std::shared_ptr<const Bundle> oldest = LoadBundle(folder / "0").value();
  ASSERT_TRUE(PruneVersions(folder.path(), 2).ok());
  EXPECT_TRUE(std::filesystem::exists(folder / "0"));
  oldest = nullptr;
  ASSERT_TRUE(PruneVersions(folder.path(), 2).ok());
  EXPECT_FALSE(std::filesystem::exists(folder / "0"));
}

}  // namespace
}  // namespace shortlist
