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
  sample.whole = true;
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

TEST(ChooseInteractionColumns, UnderstandsWhatIsSaidUnderEitherName) {
  DatasetSpec spec;
  spec.columns = {{.name = "stars", .missing = {"-1"}}, {.name = "rating", .missing = {"N/R"}}};
  const auto output =
      ChooseInteractionColumns(Sample({"user", "item", "stars"}), {}, false, "x", spec);
  ASSERT_TRUE(output.ok());
  EXPECT_THAT(output->columns[2].missing, ElementsAre("-1", "N/R"));
  ASSERT_EQ(spec.columns.size(), 1u);
  EXPECT_THAT(spec.FindColumn("rating")->missing, ElementsAre("-1", "N/R"));
}

TEST(ChooseInteractionColumns, WritesRulesOnBooleansAsTheCellsAreWritten) {
  DatasetSpec spec;
  spec.worth = {{.column = "clicked", .is = "True"}, {.column = "seen", .is = "True"}};
  ASSERT_TRUE(
      ChooseInteractionColumns(Sample({"user", "item", "clicked", "seen"}), {}, false, "x", spec)
          .ok());
  EXPECT_EQ(spec.worth[0].is, "1");
  EXPECT_EQ(spec.worth[1].is, "True");  // No number.
}

TEST(ChooseInteractionColumns, RefusesWhatNoRoleCanBe) {
  const auto error = [](const DatasetSpec& said) {
    DatasetSpec spec = said;
    return std::string(
        ChooseInteractionColumns(Sample({"user", "item", "stars"}), {}, false, "x.csv", spec)
            .status()
            .message());
  };
  using Condition = WorthRule::Condition;
  EXPECT_EQ(error({.columns = {{.name = "rating", .type = ColumnType::kTokens}}}),
            "x.csv: column stars holds one value a cell: it can have no separator");
  EXPECT_THAT(error({.columns = {{.name = "item", .max = 5}}}),
              HasSubstr("x.csv: column item holds ids: they can have no range"));
  EXPECT_THAT(error({.worth = {{.column = "user", .condition = Condition::kAtMost}}}),
              HasSubstr("x.csv: column user holds ids"));
  EXPECT_EQ(error({.worth = {{.column = "user", .is = "u1"}}}), "");
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
  sample.columns[5].cells = {"Drama;War", "Drama"};
  sample.columns[6].arrays = 1;
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
  EXPECT_EQ(spec.FindColumn("genres")->separator, ";");
  EXPECT_EQ(spec.FindColumn("tags")->separator, "|");
  EXPECT_EQ(spec.FindColumn("brand"), nullptr);
}

TEST(ChooseAttributeColumns, DoesNotCallEmptyWhatItHasNotSeen) {
  const auto ignored = [](const TableSample& sample) {
    DatasetSpec spec;
    return Ignored(*ChooseAttributeColumns(sample, {"item", "", "asin", {}}, "x.csv", spec));
  };
  TableSample sample = Sample({"asin", "size"});
  sample.columns[1].texts = sample.columns[1].bytes = 0;
  EXPECT_THAT(ignored(sample), ElementsAre("size: it is empty"));
  sample.bad_rows = 1;
  EXPECT_THAT(ignored(sample), ElementsAre());
  sample.bad_rows = 0;
  sample.whole = false;
  EXPECT_THAT(ignored(sample), ElementsAre());
  sample.columns[1].objects = 1;
  EXPECT_THAT(ignored(sample), ElementsAre("size: it holds objects"));
}

TEST(ChooseAttributeColumns, TakesCommasForTextUnlessTheNameSaysLists) {
  TableSample sample = Sample({"asin", "author", "genre", "studio"});
  for (ColumnSample& column : sample.columns) column.cells = {"Smith, John", "Ann"};
  sample.columns[3].cells = {"A|B", "C"};
  DatasetSpec spec;
  const auto output = ChooseAttributeColumns(sample, {"item", "", "asin", {}}, "x.csv", spec);
  ASSERT_TRUE(output.ok());
  EXPECT_THAT(Described(*output), ElementsAre("asin>item_id:token", "author>author:token",
                                              "genre>genre:token_seq", "studio>studio:token_seq"));
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
