#include "model/bundle_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "common/files.h"
#include "model/bundle.h"
#include "model/manifest.h"
#include "tests/support/durable_disk.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

// The files of a bundle but for its manifest.
void CopyFiles(const fs::path& models, const fs::path& to) {
  std::string version = ReadFile(models / kCurrentFile).value();
  version.pop_back();
  for (const auto& entry : fs::directory_iterator(models / version))
    if (entry.path().filename() != kManifestFile)
      fs::copy(entry.path(), to / entry.path().filename());
}

absl::StatusOr<PublishedBundle> PublishCopy(const fs::path& from, const fs::path& models,
                                            absl::Time now) {
  auto publisher = BundlePublisher::Begin(models);
  if (!publisher.ok()) return publisher.status();
  CopyFiles(from, publisher->staging());
  return publisher->Publish(now);
}

size_t StagingFolders(const fs::path& models) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(models))
    count += entry.path().filename().string().starts_with(".staging-");
  return count;
}

class BundlePublisherTest : public testing::Test {
 protected:
  const TemporaryFolder models_;
  const absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

TEST_F(BundlePublisherTest, PublishesWhatItsFilesAreAndNamesItByTimeAndContent) {
  const PublishedBundle published =
      PublishCopy(SharedTestModels().folder(), models_.path(), now_).value();
  EXPECT_EQ(published.id, SharedTestModels().bundle()->id);
  EXPECT_EQ(published.folder.filename(), "20231114T221320Z-" + published.id.substr(0, 8));
  EXPECT_EQ((*LoadCurrentBundle(models_.path()))->id, published.id);
  EXPECT_EQ(StagingFolders(models_.path()), 0u);
}

// As LevelDB tests its files: whenever the power fails, what was flushed is all that is left.
TEST_F(BundlePublisherTest, WheneverThePowerFailsTheOldBundleOrTheNewOneIsServedWhole) {
  const std::string before =
      PublishCopy(OtherTestModels().folder(), models_.path(), now_).value().id;
  const std::string after = SharedTestModels().bundle()->id;
  const TemporaryFolder images;
  std::set<std::string> served;
  size_t failures = 0;
  {
    DurableDisk* disk = nullptr;
    DurableDisk watched(models_.path(), [&] {
      ++failures;
      disk->WriteTo(images / "image");
      const auto bundle = LoadCurrentBundle(images / "image");
      ASSERT_TRUE(bundle.ok()) << "after flush " << failures << ": " << bundle.status();
      served.insert((*bundle)->id);
    });
    disk = &watched;
    ASSERT_TRUE(
        PublishCopy(SharedTestModels().folder(), models_.path(), now_ + absl::Seconds(1)).ok());
    watched.WriteTo(images / "image");
    EXPECT_EQ((*LoadCurrentBundle(images / "image"))->id, after);
  }
  EXPECT_GT(failures, 10u);
  EXPECT_EQ(served, (std::set{before, after}));
}

// `train` once published before it had written the states of the users: where that failed, a model
// without users was served, and `--unless-published` had nothing to do.
TEST_F(BundlePublisherTest, WhatFailsBeforeCurrentLeavesTheVersionUnserved) {
  BundlePublisher publisher = BundlePublisher::Begin(models_.path()).value();
  CopyFiles(SharedTestModels().folder(), publisher.staging());
  EXPECT_EQ(publisher.Publish(now_, [] { return absl::ResourceExhaustedError("disk"); }).status(),
            absl::ResourceExhaustedError("disk"));
  EXPECT_FALSE(fs::exists(models_ / kCurrentFile));
}

TEST_F(BundlePublisherTest, OneThatDoesNotPublishLeavesNothing) {
  {
    auto publisher = BundlePublisher::Begin(models_.path()).value();
    std::ofstream(publisher.staging() / "file") << "content";
    EXPECT_EQ(StagingFolders(models_.path()), 1u);
  }
  EXPECT_EQ(StagingFolders(models_.path()), 0u);
}

TEST_F(BundlePublisherTest, WhatAKilledOneLeftIsSweptAndWhatALivingOneHoldsIsNot) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto killed = BundlePublisher::Begin(models_.path());
    std::ofstream(killed->staging() / "file") << "content";
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_EQ(StagingFolders(models_.path()), 1u);
  auto living = BundlePublisher::Begin(models_.path()).value();
  EXPECT_EQ(StagingFolders(models_.path()), 1u);
  auto another = BundlePublisher::Begin(models_.path()).value();
  EXPECT_EQ(StagingFolders(models_.path()), 2u);
  EXPECT_TRUE(fs::exists(living.staging()));
}

TEST_F(BundlePublisherTest, SaysWhyItCannotBegin) {
  const fs::path file = models_.Write("file", "content");
  const absl::Status status = BundlePublisher::Begin(file / "models").status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("Not a directory"));
}

}  // namespace
}  // namespace shortlist
