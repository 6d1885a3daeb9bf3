#include "model/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

TEST(Manifest, ListsEveryFileByNameWithItsSizeAndHash) {
  const TemporaryFolder folder;
  folder.Write("b", "xyz");
  folder.Write("a", "");
  const Manifest written = WriteManifest(folder.path()).value();
  ASSERT_EQ(written.files.size(), 2u);
  EXPECT_EQ(written.files[0].name, "a");
  EXPECT_EQ(written.files[1].name, "b");
  EXPECT_EQ(written.files[1].bytes, 3u);
  EXPECT_EQ(written.files[1].sha256, Sha256("xyz"));
  EXPECT_EQ(written.bundle_id.size(), 64u);
  EXPECT_EQ(VerifyManifest(folder.path()).value().bundle_id, written.bundle_id);
}

TEST(Manifest, TheIdIsThatOfTheContentAlone) {
  const TemporaryFolder one, other;
  for (const TemporaryFolder* folder : {&one, &other}) folder->Write("a", "same");
  EXPECT_EQ(WriteManifest(one.path())->bundle_id, WriteManifest(other.path())->bundle_id);
  other.Write("a", "else");
  EXPECT_NE(WriteManifest(one.path())->bundle_id, WriteManifest(other.path())->bundle_id);
}

TEST(Manifest, NamesTheFileThatIsNotAsItWas) {
  const TemporaryFolder folder;
  folder.Write("a", "content");
  ASSERT_TRUE(WriteManifest(folder.path()).ok());
  folder.Write("a", "CONTENT");
  EXPECT_THAT(std::string(VerifyManifest(folder.path()).status().message()),
              testing::HasSubstr((folder / "a").string()));
  std::filesystem::remove(folder / "a");
  EXPECT_FALSE(VerifyManifest(folder.path()).ok());
}

}  // namespace
}  // namespace shortlist
