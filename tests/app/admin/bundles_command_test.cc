#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

#include "common/files.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

// The models folder has the versions of both test models, the later one current.
class BundlesCommandTest : public testing::Test {
 protected:
  BundlesCommandTest() {
    CopyTestModels(folder_.path());
    first_ = SharedTestModels().bundle()->version;
    second_ = OtherTestModels().bundle()->version;
    if (second_ < first_) std::swap(first_, second_);
    folder_.Write("CURRENT", second_ + "\n");
  }
  CommandResult Run(const std::string& command) const {
    return RunShortlist("bundles " + command + " --models " + folder_.path().string());
  }
  std::string Current() const { return ReadFile(folder_ / "CURRENT").value_or(""); }

  const TemporaryFolder folder_;
  std::string first_, second_;
};

TEST_F(BundlesCommandTest, ListsActivatesAndRollsBack) {
  EXPECT_THAT(Run("list").output, AllOf(HasSubstr(first_), ContainsRegex(second_ + ".* current")));
  EXPECT_EQ(Run("rollback").exit_code, 0);
  EXPECT_EQ(Current(), first_ + "\n");
  EXPECT_THAT(Run("rollback").errors, HasSubstr("has no version before the current one"));
  EXPECT_EQ(Run("activate --version " + second_).exit_code, 0);
  EXPECT_EQ(Current(), second_ + "\n");
  EXPECT_THAT(Run("activate --version none").errors, HasSubstr("none/manifest.json"));
  EXPECT_EQ(Current(), second_ + "\n");
}

TEST_F(BundlesCommandTest, PrunesAllButTheCurrentVersionAndTheOneBeforeIt) {
  const std::filesystem::path old = folder_ / "20200101T000000Z-00000000";
  std::filesystem::copy(folder_ / first_, old, std::filesystem::copy_options::recursive);
  EXPECT_THAT(Run("prune --keep 1").output, HasSubstr("Removed 20200101T000000Z-00000000"));
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(folder_ / first_));
}

}  // namespace
}  // namespace shortlist
