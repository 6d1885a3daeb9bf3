#include "data/importing/output_columns.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A sample with columns of texts of those names.
TableSample Sample(const std::vector<std::string>& names) {
  TableSample sample;
  sample.rows = 100;
  for (const std::string& name : names) {
    ColumnSample& column = sample.columns.emplace_back();
    column.name = name;
    column.texts = 100;
    column.bytes = 1000;
  }
  return sample;
}

std::vector<std::string> Described(const OutputColumns& output) {
  std::vector<std::string> described;
  for (const OutputColumn& column : output.columns)
    described.push_back(column.source + ">" + column.name + ":" + std::string(column.type));
  return described;
}

std::vector<std::string> Ignored(const OutputColumns& output) {
  std::vector<std::string> ignored;
  for (const IgnoredColumn& column : output.ignored)
    ignored.push_back(column.source + ": " + column.why);
  return ignored;
}

TEST(ChooseInteractionColumns, FindsRolesByNameAndRenamesWhatIsSaidOfThem) {
  DatasetSpec spec;
  spec.worth = {{.column = "stars", .condition = WorthRule::Condition::kAtLeast, .bound = 4},
                {.column = "watched", .condition = WorthRule::Condition::kAtMost, .bound = 0.1}};
  spec.columns = {{.name = "stars", .missing = {"-1"}}, {.name = "genre", .separator = "|"}};
  const auto output = ChooseInteractionColumns(
      Sample({"review", "reviewerID", "asin", "stars", "ts", "watched", "device:os", "event"}),
      {"device:os"}, false, "x.csv", spec);
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_THAT(Described(*output),
              ElementsAre("reviewerID>user_id:token", "asin>item_id:token", "stars>rating:float",
                          "ts>timestamp:float", "event>event:token", "device:os>device_os:token",
                          "watched>watched:float"));
  EXPECT_THAT(Ignored(*output), ElementsAre("review: --context keeps it"));
  EXPECT_EQ(spec.user_column, "user_id");
  EXPECT_EQ(spec.item_column, "item_id");
  EXPECT_EQ(spec.rating_column, "rating");
  EXPECT_EQ(spec.time_column, "timestamp");
  EXPECT_EQ(spec.label_column, "");
  EXPECT_EQ(spec.type_column, "event");
  EXPECT_EQ(spec.worth[0].column, "rating");
  EXPECT_EQ(spec.worth[1].column, "watched");
  EXPECT_EQ(spec.columns[0].name, "rating");
  EXPECT_THAT(output->columns[2].missing, ElementsAre("-1"));
  EXPECT_EQ(spec.columns[1].name, "genre");
}

TEST(ChooseInteractionColumns, UnderstandsRulesThatUseTheNewName) {
  DatasetSpec spec;
  spec.worth = {{.column = "rating", .condition = WorthRule::Condition::kAtLeast, .bound = 4}};
  EXPECT_TRUE(
      ChooseInteractionColumns(Sample({"user", "item", "overall"}), {}, false, "x", spec).ok());
  EXPECT_EQ(spec.worth[0].column, "rating");
}

TEST(ChooseInteractionColumns, TurnsCalendarDigitsIntoSeconds) {
  DatasetSpec spec;
  spec.time_unit = TimeUnit::kCalendar;
  const auto output =
      ChooseInteractionColumns(Sample({"user", "item", "day"}), {"day"}, false, "x", spec);
  ASSERT_TRUE(output.ok());
  EXPECT_TRUE(output->digits_are_dates);
  EXPECT_EQ(spec.time_unit, TimeUnit::kSeconds);
}

TEST(ChooseInteractionColumns, PutsTheLabelsOfImpressionsLast) {
  DatasetSpec spec;
  spec.item_column = "shown";
  spec.worth = {{.column = "label", .condition = WorthRule::Condition::kIs, .is = "1"}};
  const auto output =
      ChooseInteractionColumns(Sample({"user", "shown", "device"}), {"device"}, true, "x", spec);
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_THAT(Described(*output), ElementsAre("user>user_id:token", "shown>item_id:token",
                                              "device>device:token", ">label:float"));
  EXPECT_EQ(spec.label_column, "label");
}

TEST(ChooseInteractionColumns, SaysWhatIsWrong) {
  const auto error = [](const std::vector<std::string>& names, DatasetSpec spec,
                        const std::vector<std::string>& contexts = {}) {
    return std::string(
        ChooseInteractionColumns(Sample(names), contexts, false, "x.csv", spec).status().message());
  };
  EXPECT_THAT(error({"a", "item"}, {}),
              HasSubstr("x.csv: which column is the user? a, item; say it with --user COLUMN"));
  EXPECT_THAT(error({"user", "asin", "parent_asin"}, {}), HasSubstr("asin or parent_asin"));
  EXPECT_THAT(error({"user", "item"}, {.item_column = "user"}), HasSubstr("user has two meanings"));
  EXPECT_THAT(error({"user", "item"}, {}, {"gone"}), HasSubstr("there is no column gone"));
  EXPECT_THAT(error({"user", "item", "stars", "user_id:"}, {.user_column = "user"}, {"user_id"}),
              HasSubstr("there is no column user_id"));
  EXPECT_THAT(error({"a", "item", "user_id"}, {.user_column = "a"}, {"user_id"}),
              HasSubstr("two columns would be called user_id: a and user_id"));
}

TEST(ChooseAttributeColumns, TakesColumnsForWhatTheyHold) {
  TableSample sample = Sample({"asin", "title", "name", "brand", "year", "genres", "tags", "code",
                               "about", "image", "empty", ""});
  sample.columns[4].texts = 0;
  sample.columns[4].numbers = 100;
  sample.columns[5].with_bars = 30;
  sample.columns[6].arrays = true;
  sample.columns[7].texts = 0;
  sample.columns[7].numbers = 100;
  sample.columns[7].leading_zeros = 1;
  sample.columns[8].bytes = 100'000;
  sample.columns[9].examples = {"https://x/y.png"};
  sample.columns[10].texts = 0;
  DatasetSpec spec;
  const auto output = ChooseAttributeColumns(sample, {"item", "", "asin", {}}, "x.csv", spec);
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_THAT(Described(*output),
              ElementsAre("asin>item_id:token", "title>title:token_seq", "name>name:token",
                          "brand>brand:token", "year>year:float", "genres>genres:token_seq",
                          "tags>tags:token_seq", "code>code:token"));
  EXPECT_THAT(Ignored(*output),
              ElementsAre("about: its texts are too long for an attribute",
                          "image: it holds addresses", "empty: it is empty", ": it has no name"));
  EXPECT_EQ(spec.FindColumn("title")->type, ColumnType::kTitle);
  ASSERT_NE(spec.FindColumn("genres"), nullptr);
  EXPECT_EQ(spec.FindColumn("genres")->separator, "|");
  EXPECT_EQ(spec.FindColumn("tags")->separator, "|");
  EXPECT_EQ(spec.FindColumn("brand"), nullptr);
}

TEST(ChooseAttributeColumns, DoesWhatIsDeclared) {
  DatasetSpec spec;
  spec.columns = {{.name = "genre", .type = ColumnType::kTokens, .separator = ", "},
                  {.name = "label", .type = ColumnType::kTitle},
                  {.name = "secret", .type = ColumnType::kIgnored}};
  const auto output = ChooseAttributeColumns(
      Sample({"key", "genre", "label", "secret", "title", "x"}),
      {"item", "key", "asin", {"genre", "label", "secret", "title"}}, "x.csv", spec);
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_THAT(Described(*output), ElementsAre("key>item_id:token", "genre>genre:token_seq",
                                              "label>label:token_seq", "title>title:token"));
  EXPECT_THAT(Ignored(*output),
              ElementsAre("secret: it is declared so", "x: --item-columns does not name it"));
  EXPECT_EQ(spec.FindColumn("genre")->separator, ", ");
}

TEST(ChooseAttributeColumns, FindsTheId) {
  const auto id = [](const std::vector<std::string>& names, const std::string& declared) {
    DatasetSpec spec;
    const auto output =
        ChooseAttributeColumns(Sample(names), {"item", declared, "asin", {}}, "x.csv", spec);
    return output.ok() ? output->columns[0].source : std::string(output.status().message());
  };
  EXPECT_EQ(id({"x", "asin", "product_id"}, ""), "asin");
  EXPECT_EQ(id({"x", "item_id"}, ""), "item_id");
  EXPECT_EQ(id({"x", "id"}, ""), "id");
  EXPECT_EQ(id({"x", "id"}, "x"), "x");
  EXPECT_THAT(id({"x", "y"}, ""), HasSubstr("which column is the item's id? x, y; say it with "
                                            "--item-id COLUMN"));
}

}  // namespace
}  // namespace shortlist
