// `shortlist recommend`, run as a program.

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/files.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(RecommendCommand, PrintsTitlesScoresAndReasons) {
  ServeProcess server({});
  const CommandResult result = RunShortlist(
      {"recommend", "--server", server.address(), "--user", "u3", "--count", "4", "--filter",
       "genre=Western", "--filter", "year=1990..2010", "--filter", "!year=1994", "--explain"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("title"));
  EXPECT_THAT(result.output, HasSubstr("because"));
  EXPECT_THAT(result.output, HasSubstr("Item "));
  EXPECT_THAT(result.output, HasSubstr("\n4  "));
  EXPECT_THAT(result.output, ::testing::Not(HasSubstr("\n5  ")));
  EXPECT_THAT(result.output, HasSubstr("bundle " + SharedTestModels().bundle()->id.substr(0, 8) +
                                       ", RUNG_FULL, KNOWN_USER, "));
}

TEST(RecommendCommand, PrintsWhichRulesMovedAnItem) {
  ServeProcess server({});
  const CommandResult result = RunShortlist(
      {"recommend", "--server", server.address(), "--items", "i3", "--count", "6", "--pin", "i6@2",
       "--limit", "genre=2", "--diversity", "0.2", "--boost", "genre=Drama:0.5"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("moved"));
  EXPECT_THAT(result.output, ::testing::ContainsRegex("2  Item 6 .* pinned"));
  EXPECT_THAT(result.output, HasSubstr("at most 2 per genre"));
}

TEST(RecommendCommand, RanksTheItemsThatItIsGiven) {
  ServeProcess server({});
  const CommandResult result = RunShortlist({"recommend", "--server", server.address(), "--items",
                                             "i3", "--candidates", "i6,nothing,i9"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, ::testing::ContainsRegex("Item 6 .* given"));
  EXPECT_THAT(result.output, ::testing::ContainsRegex("Item 9 .* given"));
  EXPECT_THAT(result.output, ::testing::Not(HasSubstr("\n3  ")));
  EXPECT_THAT(result.output, HasSubstr("Not in the catalog: nothing"));
}

TEST(RecommendCommand, GoesOnFromPageToPage) {
  ServeProcess server({});
  std::vector<std::string> ask = {"recommend", "--server", server.address(), "--user", "u3",
                                  "--count",   "3",        "--json"};
  const nlohmann::json first = nlohmann::json::parse(RunShortlist(ask).output);
  ask.insert(ask.end(), {"--page-token", first["next_page_token"].get<std::string>()});
  const nlohmann::json second = nlohmann::json::parse(RunShortlist(ask).output);
  for (const nlohmann::json& item : second["items"])
    for (const nlohmann::json& before : first["items"])
      EXPECT_NE(item["item_id"], before["item_id"]);
  ask.pop_back();
  ask.push_back("page 2");
  EXPECT_THAT(RunShortlist(ask).errors, StartsWith("shortlist: page_token: is not a token"));
}

TEST(RecommendCommand, PrintsHowLikelyItemsAreToBeLikedAndWhy) {
  ServeProcess server({});
  const std::vector<std::string> ask = {"recommend", "--server", server.address(),
                                        "--user",    "u3",       "--explain"};
  EXPECT_THAT(RunShortlist(ask).output, ::testing::Not(HasSubstr("chance  liked")));
  std::vector<std::string> by_value = ask;
  by_value.insert(by_value.end(), {"--liked-worth", "3"});
  const CommandResult result = RunShortlist(by_value);
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("  chance  liked  source     because"));
  EXPECT_THAT(result.output, HasSubstr("liked because"));
  EXPECT_THAT(result.output, ::testing::ContainsRegex("1  Item [^\n]*%  [^\n]*%  two-tower"));
}

TEST(RecommendCommand, PrintsTheWholeAnswerAsJson) {
  ServeProcess server({});
  const CommandResult result = RunShortlist(
      {"recommend", "--server", server.address(), "--items", "i2,i6", "--count", "3", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  const nlohmann::json answer = nlohmann::json::parse(result.output, nullptr, false);
  ASSERT_FALSE(answer.is_discarded()) << result.output;
  EXPECT_EQ(answer["items"].size(), 3u);
  EXPECT_EQ(answer["bundle_id"], SharedTestModels().bundle()->id);
  EXPECT_EQ(answer["rung"], "RUNG_FULL");
}

TEST(RecommendCommand, AnswersManyAtOnceAsTheServiceAnswersEach) {
  ServeProcess server({});
  const TemporaryFolder folder;
  const std::string out = folder / "answers.jsonl";
  const std::vector<std::string> options = {"--count", "5", "--time-ms", "1700000000000"};
  std::vector<std::string> many = {"recommend",
                                   "--users",
                                   folder.Write("users", "u3\nu7\n"),
                                   "--models",
                                   SharedTestModels().folder(),
                                   "--out",
                                   out};
  many.insert(many.end(), options.begin(), options.end());
  const CommandResult result = RunShortlist(many);
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  std::istringstream lines(ReadFile(out).value_or(""));
  for (const std::string user : {"u3", "u7"}) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    const nlohmann::json at_once = nlohmann::json::parse(line);
    std::vector<std::string> one = {"recommend", "--server", server.address(),
                                    "--user",    user,       "--json"};
    one.insert(one.end(), options.begin(), options.end());
    const nlohmann::json answer = nlohmann::json::parse(RunShortlist(one).output);
    EXPECT_EQ(at_once["user_id"], user);
    ASSERT_EQ(at_once["items"].size(), 5u);
    for (size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(at_once["items"][i]["item_id"], answer["items"][i]["item_id"]);
      EXPECT_EQ(at_once["items"][i]["score"].get<float>(),
                answer["items"][i]["score"].get<float>());
    }
  }
}

TEST(RecommendCommand, SaysWhatIsWrong) {
  ServeProcess server({});
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--user", ""}, "user_id: is empty"},
      {{"--user", "u1", "--count", "0"}, "count: must be 1 to 200, is 0"},
      {{"--user", "u1", "--filter", "colour=red"},
       "filter.all_of[0].attribute: unknown item attribute \"colour\""},
      {{"--user", "u1", "--filter", "genre"}, "--filter genre: not of the form"},
      {{"--user", "u1", "--limit", "genre"}, "--limit genre: not ATTRIBUTE=COUNT"},
      {{"--user", "u1", "--pin", "i1@x"}, "--pin i1@x: not ITEM@PLACE"},
      {{"--user", "u1", "--boost", "genre=Drama"}, "--boost genre=Drama: not CONDITION:LOG_ODDS"},
      {{"--user", "u1", "--limit", "colour=1"},
       "re_ranking.limits[0].attribute: unknown item attribute \"colour\""},
      {{"--user", "u1", "--filter", "year=a..b"}, "--filter year=a..b: \"a\" is not a number"},
  };
  for (const auto& [arguments, error] : cases) {
    std::vector<std::string> all = {"recommend", "--server", server.address()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const CommandResult result = RunShortlist(all);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.errors, StartsWith("shortlist: " + error));
  }
}

TEST(RecommendCommand, SaysThatTheServiceIsNotThere) {
  std::string address;
  {
    ServeProcess gone({});
    address = gone.address();
  }
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"recommend", "--user", "u1"}, {"similar", "--item", "i1"}}) {
    std::vector<std::string> all = command;
    all.insert(all.end(), {"--server", address});
    const CommandResult result = RunShortlist(all);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.errors, StartsWith("shortlist: no answer from the service at " + address));
    EXPECT_THAT(result.errors, HasSubstr("shortlist serve"));
  }
}

}  // namespace
}  // namespace shortlist
