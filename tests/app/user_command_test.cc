// `shortlist user`, run as a program.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "tests/support/shortlist_program.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(UserCommand, SetsPrintsAndDeletesWhatIsKnownOfAUser) {
  ServeProcess server({});
  const std::string whom = absl::StrCat(" --server ", server.address(), " --user visitor");
  CommandResult result =
      RunShortlist("user set" + whom + " --attribute gender=F --attribute time_zone=Asia/Tokyo");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  result = RunShortlist("user get" + whom);
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, StartsWith("User visitor: 0 interactions, 0 refused items\n"));
  EXPECT_THAT(result.output, HasSubstr("gender: F\n"));
  EXPECT_THAT(result.output, HasSubstr("time_zone: Asia/Tokyo\n"));
  result = RunShortlist("user delete" + whom);
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  result = RunShortlist("user get" + whom);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.errors, "shortlist: user_id: nothing is known of a user \"visitor\"\n");
}

TEST(UserCommand, PrintsTheHistoryLatestFirst) {
  ServeProcess server({});
  const std::string get = absl::StrCat("user get --server ", server.address(), " --user u3");
  const CommandResult result = RunShortlist(get + " --count 4");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, ::testing::ContainsRegex("\ntook +i[0-9]+ +20[0-9-]+ "));
  const nlohmann::json answer =
      nlohmann::json::parse(RunShortlist(get + " --count 4 --json").output);
  EXPECT_EQ(answer["user"]["history"].size(), 4u);
  EXPECT_GT(answer["history_size"].get<int>(), 4);
}

TEST(UserCommand, SaysWhatIsWrong) {
  ServeProcess server({});
  const std::string set =
      absl::StrCat("user set --server ", server.address(), " --user visitor --attribute ");
  EXPECT_THAT(RunShortlist(set + "gender").errors,
              StartsWith("shortlist: --attribute gender: not NAME=VALUE"));
  EXPECT_THAT(RunShortlist(set + "shoe=44").errors,
              StartsWith("shortlist: attributes[0].name: unknown user attribute \"shoe\""));
  EXPECT_NE(RunShortlist(std::string("user")).exit_code, 0);
}

}  // namespace
}  // namespace shortlist
