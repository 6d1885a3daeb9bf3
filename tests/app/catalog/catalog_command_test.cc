// `shortlist catalog`, run as a program.

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A service with a state store of its own.
class CatalogCommand : public testing::Test {
 protected:
  CatalogCommand() { std::filesystem::copy(SharedTestModels().state_db(), folder_ / "state.db"); }

  const TemporaryFolder folder_;
};

TEST_F(CatalogCommand, TellsOfItemsAndSaysWhatWasTold) {
  ServeProcess server({"--state", folder_ / "state.db"});
  const std::string where = absl::StrCat(" --server ", server.address());
  EXPECT_EQ(RunShortlist("catalog changes" + where).output, "Nothing was told of items.\n");
  const std::string upsert =
      "catalog upsert --item new --title New --attribute genre=Drama|Noir" + where;
  EXPECT_EQ(RunShortlist(upsert).output, "Item new is in the catalog as told.\n");
  EXPECT_EQ(RunShortlist(upsert).output, "Item new was like that before.\n");
  EXPECT_EQ(RunShortlist("catalog hide --item i1 --item i2" + where).exit_code, 0);
  EXPECT_EQ(RunShortlist("catalog hide --item i3 --until 2100-01-02T03:04:05Z" + where).exit_code,
            0);
  EXPECT_EQ(RunShortlist("catalog show --item i2" + where).exit_code, 0);
  EXPECT_EQ(RunShortlist("catalog delete --item i4" + where).exit_code, 0);
  const std::string changes = RunShortlist("catalog changes" + where).output;
  EXPECT_THAT(changes, ContainsRegex("new +New; genre=Drama\\|Noir\n"));
  EXPECT_THAT(changes, ContainsRegex("i1 +hidden until it is shown again\n"));
  EXPECT_THAT(changes, ContainsRegex("i3 +hidden until 2100-01-02 03:04:05\n"));
  EXPECT_THAT(changes, ContainsRegex("i2 +shown\n"));
  EXPECT_THAT(changes, ContainsRegex("i4 +deleted\n"));
  EXPECT_THAT(RunShortlist("catalog changes --json" + where).output,
              HasSubstr("\"item_id\": \"new\""));
}

TEST_F(CatalogCommand, SynchronisesAFileAsADifference) {
  ServeProcess server({"--state", folder_ / "state.db"});
  const std::string file = folder_ / "items.jsonl";
  const auto sync = [&](const std::string& content, const std::string& flags = "") {
    std::ofstream(file) << content;
    return RunShortlist(
        absl::StrCat("catalog sync --items ", file, " --server ", server.address(), flags));
  };
  EXPECT_EQ(sync(R"({"item_id": "a", "title": "A"})"
                 "\n"
                 R"({"item_id": "b"})")
                .output,
            "2 items changed, 0 did not, 0 deleted.\n");
  EXPECT_EQ(sync(R"({"item_id": "a", "title": "A"})"
                 "\n"
                 R"({"item_id": "c"})",
                 " --delete-missing")
                .output,
            "1 items changed, 1 did not, 121 deleted.\n");
  CommandResult result = sync(R"({"item_id": "d"})"
                              "\n"
                              R"({"item_id": "e", "attributes": [{"name": "colour"}]})");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors,
              HasSubstr("items.jsonl:2: attributes[0].name: unknown item attribute"));
  EXPECT_THAT(result.errors, HasSubstr("0 items changed"));
}

TEST_F(CatalogCommand, TellsOfTheVectorThatAnItemBringsAlong) {
  ServeProcess server({"--state", folder_ / "state.db"}, VectorTestModels().folder());
  const std::string where = absl::StrCat(" --server ", server.address());
  EXPECT_EQ(RunShortlist("catalog upsert --item new --vector 0,0,1e0,-.5,0,0" + where).output,
            "Item new is in the catalog as told.\n");
  EXPECT_THAT(RunShortlist("catalog changes" + where).output,
              ContainsRegex("new +; a vector of 6\n"));
  EXPECT_THAT(RunShortlist("catalog upsert --item new --vector 1,2" + where).errors,
              HasSubstr("items[0].vector: has 2 numbers; those of the bundle have 6"));
}

TEST_F(CatalogCommand, SaysWhatIsWrong) {
  EXPECT_THAT(RunShortlist("catalog hide --item i1 --until soon").errors,
              StartsWith("shortlist: --until soon: not a time like"));
  EXPECT_THAT(RunShortlist("catalog upsert --item i1 --attribute genre").errors,
              StartsWith("shortlist: --attribute genre: not NAME=VALUE"));
  EXPECT_THAT(RunShortlist("catalog upsert --item i1 --vector 1,x").errors,
              StartsWith("shortlist: --vector: \"x\" is not a number"));
  EXPECT_THAT(RunShortlist("catalog sync --items /nothing/there.jsonl").errors,
              HasSubstr("/nothing/there.jsonl"));
  EXPECT_NE(RunShortlist(std::string("catalog")).exit_code, 0);
}

}  // namespace
}  // namespace shortlist
