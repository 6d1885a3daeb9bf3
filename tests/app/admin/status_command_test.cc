// `shortlist status`, and `shortlist bundles` of a running service, run as a program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "common/files.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

TEST(StatusCommand, SaysWhatAServiceServes) {
  const ServeProcess server({});
  const CommandResult status = RunShortlist({"status", "--server", server.address()});
  EXPECT_EQ(status.exit_code, 0) << status.errors;
  EXPECT_THAT(status.output,
              AllOf(ContainsRegex("role +all"), HasSubstr(SharedTestModels().bundle()->id),
                    ContainsRegex("serves +" + SharedTestModels().bundle()->version)));
  EXPECT_THAT(RunShortlist({"status", "--json", "--server", server.address()}).output,
              HasSubstr("\"role\": \"ROLE_ALL\""));
}

TEST(StatusCommand, VersionsAreListedActivatedAndRolledBackAtAService) {
  const TemporaryFolder folder;
  CopyTestModels(folder.path());
  const std::string served = SharedTestModels().bundle()->version;
  std::filesystem::copy(folder / served, folder / "0");
  const ServeProcess server({}, folder.path());
  const auto run = [&](const std::string& command) {
    return RunShortlist("bundles " + command + " --server " + server.address());
  };
  EXPECT_THAT(run("list").output, ContainsRegex(served + " .* current, served"));
  const CommandResult activated = run("activate --version 0");
  EXPECT_EQ(activated.exit_code, 0) << activated.errors;
  EXPECT_THAT(activated.output, HasSubstr("serves version 0"));
  EXPECT_EQ(ReadFile(folder / "CURRENT").value(), "0\n");
  EXPECT_THAT(run("list").output, ContainsRegex("0 .* current, served"));
  EXPECT_THAT(run("rollback").errors, HasSubstr("has no version before the current one"));
  EXPECT_THAT(run("activate --version none").errors, HasSubstr("has no version \"none\""));
  EXPECT_THAT(RunShortlist("bundles list").errors, HasSubstr("give either --models"));
}

}  // namespace
}  // namespace shortlist
