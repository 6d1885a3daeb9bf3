#include "benchmarks/scenario_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

TEST(ReadScenario, ReadsEveryScenarioOfTheBenchmark) {
  size_t read = 0;
  for (const auto& file : std::filesystem::directory_iterator(SCENARIOS_FOLDER)) {
    const auto scenario = ReadScenario(file.path());
    ASSERT_TRUE(scenario.ok()) << scenario.status();
    EXPECT_FALSE(scenario->about().empty()) << file.path();
    ++read;
  }
  EXPECT_GE(read, 6);
}

TEST(ReadScenario, RefusesWhatNoRequestsCanBeMadeOfAndNamesFileAndField) {
  TemporaryFolder folder;
  const std::pair<const char*, const char*> wrong[] = {
      {"anonymus_share: 0.1", "wrong.txtpb:1"},
      {"about: \"a\"\nshares: [0.5", "wrong.txtpb:2"},
      {"user_zipf: nan", "user_zipf"},
      {"anonymous_share: 1.5", "anonymous_share"},
      {"anonymous_items: -1", "anonymous_items"},
      {"count: -1", "count"},
      {"candidate_count: 1000000", "candidate_count"},
      {"filtered { share: -0.1 }", "filtered.share"},
      {"filtered { share: 0.6 } filtered { share: 0.6 }", "the sum of filtered.share"},
      {"filtered { share: 1 filter { all_of { } } }", "filter.all_of"},
      {"shares: [0.5, 0]", "shares"},
      {"burst { seconds: 1 }", "burst.factor"},
      {"burst { factor: 2 seconds: -1 }", "burst.seconds"},
  };
  for (const auto& [text, part] : wrong) {
    const absl::Status status = ReadScenario(folder.Write("wrong.txtpb", text)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("wrong.txtpb")) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr(part)) << text;
  }
  EXPECT_THAT(std::string(ReadScenario(folder / "missing.txtpb").status().message()),
              HasSubstr("missing.txtpb"));
}

}  // namespace
}  // namespace shortlist
