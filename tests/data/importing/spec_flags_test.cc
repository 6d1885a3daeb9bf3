#include "data/importing/spec_flags.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SpecFlags, AddToWhatIsSaidOfAColumn) {
  DatasetSpec spec;
  ASSERT_TRUE(AddRange("rating=1..5", spec).ok());
  ASSERT_TRUE(AddRange("price=..10", spec).ok());
  ASSERT_TRUE(AddMissing("rating=-1", spec).ok());
  ASSERT_TRUE(AddMissing("rating=", spec).ok());
  ASSERT_TRUE(AddSeparator("genre=|", spec).ok());
  ASSERT_EQ(spec.columns.size(), 3u);
  EXPECT_EQ(spec.columns[0].min, 1);
  EXPECT_EQ(spec.columns[0].max, 5);
  EXPECT_THAT(spec.columns[0].missing, ElementsAre("-1", ""));
  EXPECT_FALSE(spec.columns[1].min);
  EXPECT_EQ(spec.columns[2].type, ColumnType::kTokens);
  EXPECT_EQ(spec.columns[2].separator, "|");
  EXPECT_THAT(std::string(AddRange("rating=5", spec).message()), HasSubstr("COLUMN=MIN..MAX"));
  EXPECT_THAT(std::string(AddRange("rating=5..1", spec).message()), HasSubstr("above"));
  EXPECT_FALSE(AddMissing("-1", spec).ok());
  EXPECT_FALSE(AddSeparator("genre=", spec).ok());
}

TEST(Overlay, ReplacesWhatIsSaid) {
  DatasetSpec spec, over;
  spec.user_column = "u";
  spec.rating_column = "stars";
  spec.columns = {{.name = "a", .type = ColumnType::kTokens, .separator = ";", .missing = {"-"}},
                  {.name = "b", .type = ColumnType::kTokens, .separator = ";", .min = 1}};
  spec.worth = {{.column = "stars"}};
  over.rating_column = "score";
  over.columns = {{.name = "a", .missing = {"?", "-"}},
                  {.name = "b", .type = ColumnType::kNumber, .max = 5}};
  over.min_user_interactions = 5;
  const DatasetSpec both = Overlay(spec, over);
  EXPECT_EQ(both.user_column, "u");
  EXPECT_EQ(both.rating_column, "score");
  EXPECT_EQ(both.columns.size(), 2u);
  EXPECT_EQ(
      *both.FindColumn("a"),
      (ColumnSpec{
          .name = "a", .type = ColumnType::kTokens, .separator = ";", .missing = {"-", "?"}}));
  EXPECT_EQ(*both.FindColumn("b"),
            (ColumnSpec{.name = "b", .type = ColumnType::kNumber, .min = 1, .max = 5}));
  EXPECT_EQ(both.worth, spec.worth);
  EXPECT_EQ(both.min_user_interactions, 5u);
}

}  // namespace
}  // namespace shortlist
