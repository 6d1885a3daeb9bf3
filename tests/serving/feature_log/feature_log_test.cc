#include "serving/feature_log/feature_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "serving/feature_log/feature_log_reader.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

v1::FeatureLogEntry EntryOf(const std::string& user_id) {
  v1::FeatureLogEntry entry;
  entry.mutable_request()->mutable_user()->set_user_id(user_id);
  return entry;
}

TEST(FeatureLog, GoesOnAfterTheEntriesThatAreThere) {
  const TemporaryFolder folder;
  const std::string path = folder / "features.log";
  for (const char* user : {"a", "b"})
    ASSERT_TRUE((*FeatureLog::Open(path))->Add(EntryOf(user)).ok());
  const auto reader = FeatureLogReader::Open(path).value();
  v1::FeatureLogEntry entry;
  for (const char* user : {"a", "b"}) {
    ASSERT_TRUE(reader->Next(entry).value());
    EXPECT_EQ(entry.request().user().user_id(), user);
  }
  EXPECT_FALSE(reader->Next(entry).value());
}

TEST(FeatureLog, AnEntryThatTheDiskHasNoRoomForIsSaidToBeLostAndLeavesNoPart) {
  const TemporaryFolder folder;
  const std::string path = folder / "features.log";
  const auto log = FeatureLog::Open(path).value();
  ASSERT_TRUE(log->Add(EntryOf("a")).ok());
  const uintmax_t size = std::filesystem::file_size(path);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit full = before;
  full.rlim_cur = size + 3;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  const absl::Status status = log->Add(EntryOf("b"));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("features.log: cannot be written"));
  EXPECT_EQ(std::filesystem::file_size(path), size);
  EXPECT_TRUE(log->Add(EntryOf("c")).ok());
}

TEST(FeatureLog, SaysWhyAFileCannotBeWritten) {
  const TemporaryFolder folder;
  const absl::Status status = FeatureLog::Open(folder / "no" / "features.log").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace shortlist
