// `shortlist export` and `shortlist train --events`, run as programs.

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "model/bundle.h"
#include "state/state_stores.h"
#include "tests/support/datasets/toy_dataset_files.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class ExportCommandTest : public ::testing::Test {
 protected:
  ExportCommandTest() {
    const auto store = OpenStateStore(state_, StateProjection(), IfMissing::kCreate);
    std::vector<v1::LogEntry> entries;
    for (int user = 0; user < 30; ++user) {
      v1::LogEntry& entry = entries.emplace_back();
      entry.mutable_event()->set_event_id("e" + std::to_string(user));
      entry.mutable_event()->set_user_id(std::to_string(user));
      entry.mutable_event()->set_item_id(std::to_string(user % 3 * 12 + (user + 11) % 12));
      entry.mutable_event()->set_type(v1::EVENT_TYPE_CLICK);
      entry.mutable_event()->set_time_ms(1'100'000'000'000);
    }
    EXPECT_TRUE((*store)->Append(entries).ok());
  }

  std::string Train(const std::string& data, const std::string& models) {
    const CommandResult trained =
        RunShortlist("train " + data + " --models " + (folder_ / models).string() +
                     " --dim 4 --epochs 1 --no-refit --threads 1");
    EXPECT_EQ(trained.exit_code, 0) << trained.errors;
    return trained.output;
  }
  // Of the bundle that CURRENT names.
  std::string FileOf(const std::string& models, const char* file) {
    const std::string version = *ReadFile(folder_ / models / kCurrentFile);
    return *ReadFile(folder_ / models / version.substr(0, version.find('\n')) / file);
  }

  const TemporaryFolder folder_;
  const std::string toy_ = WriteToyDataset(folder_);
  const std::string state_ = (folder_ / "state.db").string();
};

TEST_F(ExportCommandTest, TheSameModelComesOutOfALogAndOfTheFilesExportedFromIt) {
  const std::string log = "--events " + state_ + " --dataset " + toy_;
  const CommandResult exported =
      RunShortlist("export " + log + " --out " + (folder_ / "events").string());
  ASSERT_EQ(exported.exit_code, 0) << exported.errors;
  EXPECT_THAT(exported.output,
              HasSubstr("300 interactions of the data set, 30 events taken up, 0 refused"));

  Train(log, "of_log");
  Train("--dataset " + (folder_ / "events").string(), "of_files");
  Train("--dataset " + toy_, "of_base");
  for (const char* file : {kCatalogFile, kTowersFile, kRankerFile}) {
    EXPECT_EQ(FileOf("of_log", file), FileOf("of_files", file)) << file;
    EXPECT_NE(FileOf("of_log", file), FileOf("of_base", file)) << file;
  }
}

TEST_F(ExportCommandTest, NamesTheStoreThatIsNotThere) {
  const CommandResult refused = RunShortlist("export --events " + (folder_ / "none.db").string() +
                                             " --out " + (folder_ / "events").string());
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("none.db"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "events"));
}

TEST_F(ExportCommandTest, TrainingNeedsSomethingToTrainOn) {
  const CommandResult refused = RunShortlist("train --models " + (folder_ / "models").string());
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("--dataset, --events or both"));
}

}  // namespace
}  // namespace shortlist
