// The README's walk through a service that lives, run as it stands there, but told of the made-up
// films of the tests in the place of the demo's: what somebody just did changes the next answer,
// and a new film is shown to who likes its genre until it is hidden.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/files.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::Contains;
using ::testing::Not;

// What the demo's films are here.
const std::vector<std::pair<std::string, std::string>> kHere = {
    {"1240", "i2"}, {"1200", "i6"}, {"2571", "i10"}, {"Sci-Fi", "Horror"}};

// The commands of the walk, without the program's path and what is said of them.
std::vector<std::string> WalkOfTheReadme() {
  const std::string readme = ReadFile(std::string(SHORTLIST_SOURCE) + "/README.md").value();
  std::vector<std::string> commands;
  bool is_in_walk = false;
  for (absl::string_view line : absl::StrSplit(readme, '\n')) {
    if (line == "<!-- walk:begin -->") is_in_walk = true;
    if (line == "<!-- walk:end -->") is_in_walk = false;
    if (!is_in_walk || !absl::ConsumePrefix(&line, "build/release/shortlist ")) continue;
    const absl::string_view command =
        absl::StripTrailingAsciiWhitespace(line.substr(0, std::min(line.find('#'), line.size())));
    commands.push_back(absl::StrReplaceAll(command, kHere));
  }
  return commands;
}

class LivingCatalogTest : public ::testing::Test {
 protected:
  LivingCatalogTest() {
    std::filesystem::copy(SharedTestModels().state_db(), state_);
    server_ = std::make_unique<ServeProcess>(std::vector<std::string>{"--state", state_});
  }

  // An answer's items are appended to `answers_`.
  void Run(const std::string& command) {
    std::vector<std::string> arguments = absl::StrSplit(command, ' ');
    const bool asks = arguments.front() == "recommend";
    const auto options = arguments.begin() + (arguments.front() == "catalog" ? 2 : 1);
    arguments.insert(options, {"--server", server_->address()});
    if (asks) arguments.emplace_back("--json");
    const CommandResult result = RunShortlist(arguments);
    ASSERT_EQ(result.exit_code, 0) << command << ": " << result.errors;
    if (!asks) return;
    std::vector<std::string>& ids = answers_.emplace_back();
    const nlohmann::json answer = nlohmann::json::parse(result.output);
    for (const nlohmann::json& item : answer["items"]) ids.push_back(item["item_id"]);
    ASSERT_EQ(ids.size(), 10u);
  }

  static ptrdiff_t HorrorIn(const std::vector<std::string>& ids) {
    const Catalog& catalog = SharedTestModels().bundle()->catalog;
    const uint32_t horror =
        *catalog.schema().Encode(*catalog.schema().FindField("genre"), "Horror");
    return std::ranges::count_if(ids, [&](const std::string& id) {
      const std::optional<ItemRow> row = catalog.FindItem(id);
      return row && catalog.codes(*row)[0] == horror;
    });
  }

  const TemporaryFolder folder_;
  const std::string state_ = folder_ / "state.db";
  std::unique_ptr<ServeProcess> server_;
  std::vector<std::vector<std::string>> answers_;
};

TEST_F(LivingCatalogTest, TheReadmesWalkShowsWhatItSays) {
  for (const std::string& command : WalkOfTheReadme()) ASSERT_NO_FATAL_FAILURE(Run(command));
  ASSERT_EQ(answers_.size(), 4u);
  EXPECT_GE(HorrorIn(answers_[1]), 5);
  EXPECT_GE(HorrorIn(answers_[1]), HorrorIn(answers_[0]) + 3);
  EXPECT_THAT(answers_[1], Not(Contains("new")));
  EXPECT_THAT(answers_[2], Contains("new"));
  EXPECT_THAT(answers_[3], Not(Contains("new")));
}

}  // namespace
}  // namespace shortlist
