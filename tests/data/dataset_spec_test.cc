#include "data/dataset_spec.h"

#include "common/files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class DatasetSpecTest : public ::testing::Test {
 protected:
  absl::StatusOr<DatasetSpec> Read(std::string_view text) {
    return ReadDatasetSpec(folder_.Write("toy.spec.txtpb", text));
  }
  std::string Error(std::string_view text) { return std::string(Read(text).status().message()); }
  std::string Path() { return (folder_ / "toy.spec.txtpb").string(); }

  TemporaryFolder folder_;
};

TEST_F(DatasetSpecTest, SaysNothingWhereTheFileIsEmpty) {
  const auto spec = Read("# Nothing.\n");
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(*spec, DatasetSpec{});
  EXPECT_EQ(spec->FindColumn("rating"), nullptr);
}

TEST_F(DatasetSpecTest, ReadsWhatIsWrittenByHand) {
  const auto spec = Read(R"(
      user_column: "visitor" time_column: "at" time_unit: TIME_UNIT_MILLISECONDS
      worth { column: "event" is: "purchase" worth: 2 }
      worth { column: "rating" at_most: 2 worth: -1 }
      columns { name: "rating" missing: "-1" missing: "0" min: 1 }
      columns { name: "genre" type: COLUMN_TYPE_TOKENS separator: "|" }
      duplicates: DUPLICATES_LAST min_item_interactions: 5)");
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(spec->user_column, "visitor");
  EXPECT_EQ(spec->time_unit, TimeUnit::kMilliseconds);
  ASSERT_EQ(spec->worth.size(), 2U);
  EXPECT_EQ(spec->worth[0].is, "purchase");
  EXPECT_EQ(spec->worth[1].condition, WorthRule::Condition::kAtMost);
  EXPECT_EQ(spec->worth[1].bound, 2);
  EXPECT_EQ(spec->worth[1].worth, -1);
  ASSERT_NE(spec->FindColumn("rating"), nullptr);
  EXPECT_THAT(spec->FindColumn("rating")->missing, ::testing::ElementsAre("-1", "0"));
  EXPECT_EQ(spec->FindColumn("rating")->min, 1.0);
  EXPECT_EQ(spec->FindColumn("rating")->max, std::nullopt);
  EXPECT_EQ(spec->FindColumn("genre")->separator, "|");
  EXPECT_EQ(spec->duplicates, Duplicates::kLast);
  EXPECT_EQ(spec->min_item_interactions, 5U);
}

TEST_F(DatasetSpecTest, WritesWhatItReadsBack) {
  const DatasetSpec spec = {
      .user_column = "Käufer \"x\"",
      .item_column = "b",
      .time_column = "c",
      .rating_column = "d",
      .label_column = "e",
      .type_column = "f",
      .time_unit = TimeUnit::kCalendar,
      .worth =
          {{.column = "f", .is = "a\tb", .worth = 0},
           {.column = "d", .condition = WorthRule::Condition::kAtLeast, .bound = 0.1},
           {.column = "d", .condition = WorthRule::Condition::kAtMost, .bound = 0, .worth = -0.5F}},
      .columns = {{.name = "g",
                   .type = ColumnType::kTokens,
                   .separator = "|",
                   .missing = {"—"},
                   .min = 0,
                   .max = 1e300}},
      .duplicates = Duplicates::kFirst,
      .min_user_interactions = 3,
      .min_item_interactions = 4};
  ASSERT_TRUE(WriteDatasetSpec(spec, Path()).ok());
  const auto read = ReadDatasetSpec(Path());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, spec);
  EXPECT_THAT(*ReadFile(Path()), HasSubstr("Käufer"));  // For people to read.
}

TEST_F(DatasetSpecTest, NamesFileLineAndFieldOfWhatIsWrong) {
  struct Case {
    std::string text;
    std::string reason;
  };
  const Case cases[] = {
      {"users: \"u\"", "Message type"},
      {"time_unit: 9", "time_unit: there is no unit 9"},
      {"duplicates: 9", "duplicates: there is no choice 9"},
      {"worth { is: \"x\" worth: 1 }", "worth: column is missing"},
      {"worth { column: \"x\" worth: 1 }", "worth: one of is, at_least and at_most is needed"},
      {"worth { column: \"x\" is: \"\" worth: 1 }", "worth: is: an empty cell meets no rule"},
      {"worth { column: \"x\" is: \"a\" worth: nan }", "worth: worth is not a finite number"},
      {"worth { column: \"x\" at_least: inf worth: 1 }", "worth: the bound is not finite"},
      {"columns { min: 1 }", "columns: name is missing"},
      {"columns { name: \"x\" type: 9 }", "columns: x: there is no type 9"},
      {"columns { name: \"x\" separator: \"|\" }",
       "columns: x: a separator needs type: COLUMN_TYPE_TOKENS"},
      {"columns { name: \"x\" min: 2 max: 1 }", "columns: x: min is above max"},
      {"columns { name: \"x\" min: nan }", "columns: x: min and max must be numbers"},
      {"columns { name: \"a\" } columns { name: \"a\" }", "columns: a second entry for \"a\""},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(Error("\n" + c.text), HasSubstr(Path() + ":2:")) << c.text;
    EXPECT_THAT(Error("\n" + c.text), HasSubstr(c.reason)) << c.text;
  }
  EXPECT_THAT(std::string(ReadDatasetSpec(folder_ / "none.txtpb").status().message()),
              HasSubstr("none.txtpb"));
}

}  // namespace
}  // namespace shortlist
