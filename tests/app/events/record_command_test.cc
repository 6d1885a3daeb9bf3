// `shortlist record`, run as a program.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::Contains;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class RecordCommand : public testing::Test {
 protected:
  CommandResult Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin() + 1, {"--server", server_.address()});
    return RunShortlist(arguments);
  }
  CommandResult Record(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "record");
    return Run(arguments);
  }
  nlohmann::json Recommend(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {"recommend", "--json"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const CommandResult result = Run(all);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return nlohmann::json::parse(result.output, nullptr, false);
  }
  std::vector<std::string> Items(const std::vector<std::string>& arguments) const {
    std::vector<std::string> ids;
    const nlohmann::json answer = Recommend(arguments);
    for (const nlohmann::json& item : answer["items"]) ids.push_back(item["item_id"]);
    return ids;
  }

  const TemporaryFolder folder_;
  const std::string state_ = CopyOfState(folder_);
  ServeProcess server_{{"--state", state_}};

 private:
  static std::string CopyOfState(const TemporaryFolder& folder) {
    std::filesystem::copy(SharedTestModels().state_db(), folder / "state.db");
    return folder / "state.db";
  }
};

TEST_F(RecordCommand, TellsWhatAUserDidAndTheNextAnswerKnows) {
  const nlohmann::json answer = Recommend({"--user", "u5"});
  const std::string best = answer["items"][0]["item_id"];
  const CommandResult result = Record(
      {"--user", "u5", "--item", best, "--request-id", answer["request_id"], "--place", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output,
              ContainsRegex("Recorded event [0-9a-f]+: click of item " + best + " by user u5\n"));
  EXPECT_THAT(Items({"--user", "u5"}), Not(Contains(best)));
}

TEST_F(RecordCommand, TellsWhatHappenedInASession) {
  const std::vector<std::string> ask = {"--session", "s1"};
  const std::string best = Items(ask)[0];
  const CommandResult result = Record({"--session", "s1", "--item", best, "--type", "dislike"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("dislike of item " + best + " by session s1"));
  EXPECT_THAT(Items(ask), Not(Contains(best)));
}

TEST_F(RecordCommand, SaysThatAnEventIsKnown) {
  const std::vector<std::string> event = {"--user", "u5",       "--item", "i3",         "--type",
                                          "rating", "--rating", "4",      "--event-id", "e1"};
  EXPECT_THAT(Record(event).output, HasSubstr("Recorded event e1: rating of item i3"));
  EXPECT_EQ(Record(event).output, "Event e1 was recorded before; nothing changes.\n");
}

TEST_F(RecordCommand, RecordsAFileOfEvents) {
  std::string lines;
  for (int i = 0; i < 2'500; ++i)
    lines += R"({"event_id": "e)" + std::to_string(i) +
             R"(", "user_id": "somebody", "item_id": "i3", "type": "EVENT_TYPE_VIEW"})" + "\n";
  const std::string file = folder_.Write("events", lines);
  const CommandResult result = Record({"--file", file});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, "2,500 events are recorded, 0 were before.\n");
  EXPECT_EQ(Record({"--file", file}).output, "0 events are recorded, 2,500 were before.\n");
}

TEST_F(RecordCommand, NamesTheLineOfAFileThatIsWrong) {
  const std::string good =
      R"({"event_id": "a", "user_id": "u5", "item_id": "i3", "type": "EVENT_TYPE_VIEW"})";
  for (const auto& [bad, error] : std::vector<std::pair<std::string, std::string>>{
           {R"({"event_id": "b", "user_id": "u5", "item_id": "i3"})", ":3: type: is missing"},
           {"{", ":3: not an event: "}}) {
    const std::string file = folder_.Write("bad", good + "\n\n" + bad + "\n");
    const CommandResult result = Record({"--file", file});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.errors, HasSubstr("shortlist: " + file + error));
    EXPECT_THAT(result.errors, HasSubstr("; 0 events are recorded, 0 were before"));
  }
}

TEST_F(RecordCommand, SaysWhatIsWrong) {
  for (const auto& [arguments, error] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--user", "u5"}, "item_id: is empty"},
           {{"--user", "", "--item", "i3"}, "user_id: is empty"},
           {{"--user", "u5", "--item", "i3", "--type", "rating"}, "rating: is missing"},
           {{"--user", "u5", "--item", "i3", "--type", "share"},
            "custom_type: \"share\" is not declared"},
           {{"--file", folder_ / "nothing"}, folder_ / "nothing"}}) {
    const CommandResult result = Record(arguments);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.errors, HasSubstr("shortlist: "));
    EXPECT_THAT(result.errors, HasSubstr(error));
  }
  const CommandResult nobody = RunShortlist("record --server 127.0.0.1:1 --user u5 --item i3");
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.errors, HasSubstr("no answer from the service at 127.0.0.1:1"));
}

}  // namespace
}  // namespace shortlist
