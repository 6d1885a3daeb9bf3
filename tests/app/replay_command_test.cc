// `shortlist replay`, run as a program.

#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ReplayCommand, FindsWhatWasServedEqualBitForBit) {
  const TemporaryFolder folder;
  const std::string log = folder / "features.log";
  const std::string config =
      folder.Write("server.txtpb", "feature_log: \"" + log +
                                       "\" feature_log_interval: 1\n"
                                       "re_ranking { value_function { liked_worth: 2 } }\n");
  ServeProcess server({"--config", config});
  for (const char* user : {"u1", "u2", "nobody"}) {
    EXPECT_EQ(RunShortlist({"recommend", "--server", server.address(), "--user", user, "--time-ms",
                            "1600000000000"})
                  .exit_code,
              0);
  }
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 0) << server.process().errors();
  const CommandResult result =
      RunShortlist({"replay", "--log", log, "--models", SharedTestModels().folder().string()});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, StartsWith("3 requests, 312 candidates, "));
  EXPECT_THAT(result.output, HasSubstr("equal bit for bit"));
}

TEST(ReplayCommand, SaysThatThereIsNoLog) {
  const TemporaryFolder folder;
  const std::string log = folder / "none.log";
  const CommandResult result =
      RunShortlist({"replay", "--log", log, "--models", SharedTestModels().folder().string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr(log));
}

}  // namespace
}  // namespace shortlist
