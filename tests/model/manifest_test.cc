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
  EXPECT_EQ(written.files[1].hash, Sha256(Sha256("xyz")));
  EXPECT_EQ(written.bundle_id.size(), 64u);
  EXPECT_EQ(VerifyManifest(folder.path()).value().bundle_id, written.bundle_id);
}

TEST(Manifest, TheHashOfALargeFileIsThatOfTheHashesOfItsChunks) {
  const TemporaryFolder folder;
  const std::string chunk(kHashChunkBytes, 'a'), rest = "rest";
  folder.Write("large", chunk + chunk + rest);
  folder.Write("two", chunk + chunk);
  const Manifest written = WriteManifest(folder.path()).value();
  EXPECT_EQ(written.files[0].hash, Sha256(Sha256(chunk) + Sha256(chunk) + Sha256(rest)));
  EXPECT_EQ(written.files[1].hash, Sha256(Sha256(chunk) + Sha256(chunk)));
  for (const size_t threads : {1, 3}) EXPECT_TRUE(VerifyManifest(folder.path(), threads).ok());
  std::string altered = chunk + chunk + rest;
  altered[kHashChunkBytes] = 'b';
  folder.Write("large", altered);
  for (const size_t threads : {1, 3})
    EXPECT_THAT(std::string(VerifyManifest(folder.path(), threads).status().message()),
                testing::HasSubstr((folder / "large").string()));
}

TEST(Manifest, OfTheFormatBeforeIsReadAndVerified) {
  const TemporaryFolder folder;
  folder.Write("a", std::string(kHashChunkBytes + 1, 'a'));
  folder.Write("b", "");
  const Manifest written = WriteManifest(folder.path(), kManifestFormatBefore).value();
  EXPECT_EQ(written.files[0].hash, Sha256(std::string(kHashChunkBytes + 1, 'a')));
  const Manifest read = VerifyManifest(folder.path()).value();
  EXPECT_EQ(read.format, kManifestFormatBefore);
  EXPECT_EQ(read.bundle_id, written.bundle_id);
  folder.Write("a", std::string(kHashChunkBytes + 1, 'b'));
  EXPECT_EQ(VerifyManifest(folder.path()).status().code(), absl::StatusCode::kDataLoss);
}

TEST(Manifest, OfAnotherFormatIsRefused) {
  const TemporaryFolder folder;
  for (const int format : {kManifestFormatBefore - 1, kManifestFormat + 1}) {
    folder.Write("manifest.json", "{\"format\": " + std::to_string(format) + "}");
    EXPECT_THAT(std::string(ReadManifest(folder.path()).status().message()),
                testing::HasSubstr("manifest.json: written in another format version"));
  }
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
