#include "common/work_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

TEST(WorkFolder, IsEmptyAndGoneInTheEndWithAllThatIsInIt) {
  fs::path path, made;
  {
    const auto work = WorkFolder::Create().value();
    path = work->path();
    EXPECT_TRUE(fs::is_empty(path));
    made = work->Make("towers").value();
    std::ofstream(made / "file") << "content";
    EXPECT_TRUE(fs::exists(made / "file"));
    EXPECT_NE(WorkFolder::Create().value()->path(), path);
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(WorkFolder, SaysThatThereIsNoFolderForTemporaryFiles) {
  const TemporaryFolder folder;
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", (folder / "nowhere").c_str(), 1);
  const absl::Status status = WorkFolder::Create().status();
  before == nullptr ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("TMPDIR"));
}

}  // namespace
}  // namespace shortlist
