#include "common/files.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

size_t FilesIn(const std::filesystem::path& folder) {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(WriteFileAtomically, ReplacesTheContentAndLeavesNothingElse) {
  TemporaryFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder / "CURRENT", "old").ok());
  ASSERT_TRUE(WriteFileAtomically(folder / "CURRENT", std::string("new\0er", 6)).ok());
  EXPECT_EQ(*ReadFile(folder / "CURRENT"), std::string("new\0er", 6));
  EXPECT_EQ(FilesIn(folder.path()), 1);
}

TEST(WriteFileAtomically, KeepsTheOldFileWhenTheNewOneCannotTakeItsPlace) {
  TemporaryFolder folder;
  folder.Write("target/inside", "kept");
  EXPECT_FALSE(WriteFileAtomically(folder / "target", "new").ok());
  EXPECT_EQ(*ReadFile(folder / "target" / "inside"), "kept");
  EXPECT_EQ(FilesIn(folder.path()), 1);
}

TEST(WriteFileAtomically, NamesTheFileItCannotWrite) {
  absl::Status status = WriteFileAtomically("/nonexistent/CURRENT", "x");
  EXPECT_THAT(std::string(status.message()), HasSubstr("/nonexistent/CURRENT"));
}

TEST(ReadFile, NamesTheFileThatIsMissing) {
  auto content = ReadFile("/nonexistent/file");
  ASSERT_FALSE(content.ok());
  EXPECT_EQ(content.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(content.status().message()), HasSubstr("/nonexistent/file"));
}

TEST(ReadFile, GivesAnEmptyFile) {
  TemporaryFolder folder;
  auto content = ReadFile(folder.Write("empty", ""));
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(*content, "");
}

TEST(ForgetPages, LosesNothingThatWasWritten) {
  TemporaryFolder folder;
  const std::filesystem::path file = folder.Write("file", "content");
  ForgetPages(file);
  EXPECT_EQ(*ReadFile(file), "content");
  ForgetPages(folder / "missing");
}

TEST(MappedFile, ShowsTheContentEvenOfAnEmptyFile) {
  TemporaryFolder folder;
  EXPECT_EQ((*MappedFile::Open(folder.Write("file", "content")))->content(), "content");
  EXPECT_EQ((*MappedFile::Open(folder.Write("empty", "")))->content(), "");
}

TEST(MappedFile, RefusesAFolder) {
  TemporaryFolder folder;
  EXPECT_FALSE(MappedFile::Open(folder.path()).ok());
}

TEST(Sha256, AgreesWithTheStandardsExamples) {
  // FIPS 180-4, examples for "abc" and the empty message.
  EXPECT_EQ(Sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  TemporaryFolder folder;
  EXPECT_EQ(*Sha256OfFile(folder.Write("empty", "")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace shortlist
