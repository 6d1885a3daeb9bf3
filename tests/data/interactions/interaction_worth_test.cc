#include "data/interactions/interaction_worth.h"

#include <cmath>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Condition = WorthRule::Condition;

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

TEST(ParseWorthRule, ReadsConditions) {
  const WorthRule at_least = {
      .column = "rating", .condition = Condition::kAtLeast, .bound = 3.5, .worth = 1};
  EXPECT_EQ(*ParseWorthRule("rating>=3.5", 1), at_least);
  EXPECT_EQ(*ParseWorthRule(" rating >= 3.5 ", 1), at_least);
  const WorthRule at_most = {
      .column = "rating", .condition = Condition::kAtMost, .bound = -1, .worth = -1};
  EXPECT_EQ(*ParseWorthRule("rating<=-1", -1), at_most);
  const WorthRule is = {.column = "event", .is = "add to cart", .worth = 2};
  EXPECT_EQ(*ParseWorthRule("event=add to cart", 2), is);
  EXPECT_EQ(*ParseWorthRule("event==add to cart", 2), is);
}

TEST(ParseWorthRule, SaysWhatIsWrong) {
  for (const char* text : {"", "rating", ">=4", "rating>=", "rating>4", "rating<4", "rating>=four"})
    EXPECT_THAT(std::string(ParseWorthRule(text, 1).status().message()),
                HasSubstr("of the form \"rating>=4\""))
        << text;
}

class InteractionWorthTest : public ::testing::Test {
 protected:
  AtomicFile File(const std::string& content) {
    return *AtomicFile::Open(folder_.Write("toy.inter", content));
  }
  TemporaryFolder folder_;
};

TEST_F(InteractionWorthTest, IsThatOfTheFirstRuleThatIsMet) {
  const AtomicFile file = File("user_id:token\titem_id:token\tevent:token\trating:float\n");
  InteractionWorth worth(
      {{.column = "event", .is = "purchase", .worth = 3},
       {.column = "rating", .condition = Condition::kAtLeast, .bound = 4},
       {.column = "rating", .condition = Condition::kAtMost, .bound = 2, .worth = -1},
       {.column = "rating", .is = "3", .worth = 0.5F}});
  ASSERT_TRUE(worth.Bind(file, std::nullopt).ok());
  auto of = [&](std::string_view event, std::string_view rating) {
    const std::string_view cells[] = {"u", "i", event, rating};
    return *worth.Of(cells);
  };
  EXPECT_EQ(of("purchase", "1"), 3);
  EXPECT_EQ(of("view", "4"), 1);
  EXPECT_EQ(of("view", "3.5"), 0);
  EXPECT_EQ(of("view", "3.0"), 0.5F);  // As numbers.
  EXPECT_EQ(of("", " 2 "), -1);
  EXPECT_EQ(of("view", ""), 0);
  EXPECT_TRUE(worth.Uses(2));
  EXPECT_FALSE(worth.Uses(1));
  EXPECT_EQ(
      worth.Describe(),
      "worth: event = purchase is worth 3 (1 row), rating >= 4 is worth 1 (1 row), rating <= 2 "
      "is refused (1 row), rating = 3 is worth 0.5 (1 row), all others are left out (2 rows)");
  const std::string_view cells[] = {"u", "i", "view", "good"};
  EXPECT_THAT(std::string(worth.Of(cells).status().message()),
              HasSubstr("rating is not a finite number: \"good\""));
}

TEST_F(InteractionWorthTest, IsOneWhereNothingButRefusalsIsDeclared) {
  InteractionWorth worth(std::vector<WorthRule>{
      {.column = "rating", .condition = Condition::kAtMost, .bound = 2, .worth = -1}});
  ASSERT_TRUE(worth.Bind(File("rating:float\n"), std::nullopt).ok());
  for (const auto& [cell, expected] : {std::pair{"1", -1.0F}, {"3", 1.0F}, {"", 1.0F}}) {
    const std::string_view cells[] = {cell};
    EXPECT_EQ(*worth.Of(cells), expected) << cell;
  }
}

TEST_F(InteractionWorthTest, ReadsALabelWhereThereAreNoRules) {
  InteractionWorth worth(std::vector<WorthRule>{});
  ASSERT_TRUE(worth.Bind(File("label:float\n"), 0).ok());
  for (const auto& [cell, expected] : {std::pair{"1", 1.0F},
                                       {"0", -1.0F},
                                       {"1.0", 1.0F},
                                       {"True", 1.0F},
                                       {"false", -1.0F},
                                       {"", 0.0F}}) {
    const std::string_view cells[] = {cell};
    EXPECT_EQ(*worth.Of(cells), expected) << cell;
  }
  EXPECT_EQ(
      worth.Describe(),
      "label: 1 is positive (3 rows), 0 is refused (2 rows), without a label and left out 1 row");
  EXPECT_EQ(worth.Doubts(), "");
  const std::string_view cells[] = {"5"};
  EXPECT_EQ(*worth.Of(cells), 1);
  EXPECT_THAT(worth.Doubts(), HasSubstr("label is neither 0 nor 1 in 1 row"));
}

TEST_F(InteractionWorthTest, EveryFileHasTheLabelOrNone) {
  InteractionWorth worth(std::vector<WorthRule>{});
  ASSERT_TRUE(worth.Bind(File("user_id:token\n"), std::nullopt).ok());
  EXPECT_THAT(std::string(worth.Bind(File("label:float\n"), 0).message()),
              HasSubstr("toy.inter:1: the files before have no column \"label\""));
}

TEST_F(InteractionWorthTest, NamesAColumnThatIsMissingAndARuleThatNothingMeets) {
  InteractionWorth worth(std::vector<WorthRule>{{.column = "event", .is = "buy"}});
  EXPECT_THAT(std::string(worth.Bind(File("rating:float\n"), std::nullopt).message()),
              HasSubstr("toy.inter:1: there is no column \"event\""));
  ASSERT_TRUE(worth.Bind(File("event:token\n"), std::nullopt).ok());
  EXPECT_THAT(worth.Doubts(), HasSubstr("no row meets the rule event = buy"));
}

TEST(DeriveWorth, TakesRatingsOfNothingButZeroAndOneForALabel) {
  const RatingWorth worth = DeriveWorth(std::vector<float>{1, 0, 0, kNone}, "rating");
  EXPECT_THAT(worth.worths, ElementsAre(1, -1, -1, 0));
  EXPECT_EQ(worth.description,
            "rating: 1 is positive (1 row), 0 is refused (2 rows), no value is left out (1 row)");
  EXPECT_THAT(worth.warnings, ElementsAre(HasSubstr("only ever 0 or 1")));
}

TEST(DeriveWorth, WhatIsOutOfAListIsHistoryAndWorthOne) {
  const std::vector<uint32_t> listed = {0, 3};
  const RatingWorth worth = DeriveWorth(std::vector<float>{kNone, 0, 1, kNone}, "rating", listed);
  EXPECT_THAT(worth.worths, ElementsAre(1, -1, 1, 1));
  EXPECT_EQ(worth.description, "rating: 1 is positive (1 row), 0 is refused (1 row)");
}

TEST(DeriveWorth, TakesRatingsOfOneAndMinusOneForLikesAndDislikes) {
  const RatingWorth worth = DeriveWorth(std::vector<float>{1, -1, 0}, "rating");
  EXPECT_THAT(worth.worths, ElementsAre(1, -1, 0));
  EXPECT_THAT(DeriveWorth(std::vector<float>{1, -1}, "rating").worths, ElementsAre(1, -1));
}

TEST(DeriveWorth, TakesAllOtherRatingsForInteractionsWhateverTheyAre) {
  for (const std::vector<float>& ratings :
       {std::vector<float>{1, 2, 5, kNone}, {1, 1}, {0, 0}, {kNone}, {0, 1, 2}}) {
    const RatingWorth worth = DeriveWorth(ratings, "rating");
    EXPECT_THAT(worth.worths, IsEmpty());
    EXPECT_THAT(worth.description, HasSubstr("every interaction is worth 1"));
    EXPECT_THAT(worth.warnings, IsEmpty());
  }
  EXPECT_THAT(DeriveWorth(std::vector<float>{1, 2, 5}, "stars").description,
              HasSubstr("--positive \"stars>=4\" says otherwise"));
}

TEST(DeriveWorth, NamesRatingsThatStandApart) {
  auto warnings = [](std::vector<float> ratings) {
    return DeriveWorth(ratings, "rating").warnings;
  };
  EXPECT_THAT(warnings({-1, 1, 10, 7}),
              ElementsAre(HasSubstr("rating -1 (1 row) stands apart from 1 to 10")));
  EXPECT_THAT(warnings({0, 1, 5, 0}), ElementsAre(HasSubstr("rating 0 (2 rows)")));
  EXPECT_THAT(warnings({-9.5, 99, 8}), ElementsAre(HasSubstr("rating 99")));
  EXPECT_THAT(warnings({0.5, 5}), IsEmpty());
  EXPECT_THAT(warnings({-10, -1, 0, 10}), IsEmpty());
  EXPECT_THAT(warnings({60, 99, 100}), IsEmpty());
}

}  // namespace
}  // namespace shortlist
