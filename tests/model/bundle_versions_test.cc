#include "model/bundle_versions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "common/files.h"
#include "model/bundle.h"
#include "model/manifest.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BundleVersionsTest : public testing::Test {
 protected:
  // Versions that are listed, of which nothing can be loaded.
  void Make(const std::vector<std::string>& names, const std::string& current) {
    for (const std::string& name : names) {
      std::filesystem::create_directory(folder_ / name);
      std::ofstream(folder_ / name / "file") << "content of " << name;
      ASSERT_TRUE(WriteManifest(folder_ / name).ok());
    }
    folder_.Write("CURRENT", current + "\n");
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    const std::vector<BundleVersion> versions = ListVersions(folder_.path()).value();
    for (const BundleVersion& version : versions)
      names.push_back(version.name + (version.is_current ? " current" : ""));
    return names;
  }

  const TemporaryFolder folder_;
};

TEST_F(BundleVersionsTest, AreListedByNameWithTheCurrentOneMarked) {
  Make({"3", "1", "2"}, "2");
  std::filesystem::create_directory(folder_ / ".staging-1");
  std::filesystem::create_directory(folder_ / "notes");
  EXPECT_THAT(Names(), ElementsAre("1", "2 current", "3"));
  const BundleVersion first = ListVersions(folder_.path()).value().front();
  EXPECT_EQ(first.bytes, std::string("content of 1").size());
  EXPECT_EQ(first.bundle_id.size(), 64u);
}

TEST_F(BundleVersionsTest, PruningKeepsTheLatestTheCurrentAndTheOneBeforeIt) {
  Make({"1", "2", "3", "4", "5"}, "3");
  EXPECT_THAT(PruneVersions(folder_.path(), 5).value(), IsEmpty());
  EXPECT_THAT(PruneVersions(folder_.path(), 1).value(), ElementsAre("1", "4"));
  EXPECT_THAT(Names(), ElementsAre("2", "3 current", "5"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "1"));
}

TEST_F(BundleVersionsTest, OneThatCannotBeLoadedIsNotActivated) {
  Make({"1", "2"}, "1");
  EXPECT_THAT(std::string(ActivateVersion(folder_.path(), "2").message()),
              HasSubstr("2/manifest.json: does not list"));
  EXPECT_EQ(ActivateVersion(folder_.path(), "../1").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CurrentVersion(folder_.path()).value(), "1");
  folder_.Write("CURRENT", "../1");
  EXPECT_EQ(CurrentVersion(folder_.path()).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(BundleVersionsTest, OneThatCanIs) {
  std::filesystem::copy(
      SharedTestModels().folder(), folder_.path(),
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  const std::string version = CurrentVersion(folder_.path()).value();
  folder_.Write("CURRENT", "another");
  ASSERT_TRUE(ActivateVersion(folder_.path(), version).ok());
  EXPECT_EQ(CurrentVersion(folder_.path()).value(), version);
}

}  // namespace
}  // namespace shortlist
