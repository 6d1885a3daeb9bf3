#include "common/output_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

TEST(OutputFileProblem, IsAFolderThatDoesNotExistOrAFolderInPlaceOfTheFile) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.Write("results.json", "{}");
  EXPECT_EQ(OutputFileProblem(file), "");
  EXPECT_EQ(OutputFileProblem(folder / "new.json"), "");
  EXPECT_EQ(OutputFileProblem("new.json"), "");
  EXPECT_EQ(OutputFileProblem(folder / "none/new.json"),
            "there is no folder " + (folder / "none").string());
  EXPECT_EQ(OutputFileProblem(file / "new.json"), "there is no folder " + file.string());
  EXPECT_EQ(OutputFileProblem(folder.path()), folder.path().string() + " is a folder");
  // It would be replaced by a file.
  EXPECT_EQ(OutputFileProblem("/dev/null"), "/dev/null is not a regular file");
}

}  // namespace
}  // namespace shortlist
