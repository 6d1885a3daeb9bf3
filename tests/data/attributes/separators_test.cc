#include "data/attributes/separators.h"

#include <algorithm>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using Cells = std::vector<std::string_view>;

TEST(RecogniseSeparator, TakesSpacesWhereThereIsNothingElse) {
  const SeparatorFinding finding = RecogniseSeparator(Cells{"War Drama", "", "Comedy"});
  EXPECT_EQ(finding.separator, " ");
  EXPECT_EQ(finding.warning, std::nullopt);
  EXPECT_EQ(RecogniseSeparator(Cells{}).separator, " ");
}

TEST(RecogniseSeparator, TakesWhatStandsBetweenValuesAndSaysSo) {
  struct Case {
    Cells cells;
    std::string separator;
  };
  const Case cases[] = {
      {{"Drama, War", "Comedy", "Martial Arts, Drama"}, ","},
      {{"Drama,War", "Comedy"}, ","},
      {{"Drama|War", "Martial Arts", "Martial Arts|Sci-Fi"}, "|"},
      {{"Drama;War", "Comedy; Drama"}, ";"},
      {{"Home, Garden|Toys", "Toys", "Toys|Home, Garden"}, "|"},
  };
  for (const Case& c : cases) {
    SeparatorFinding finding = RecogniseSeparator(c.cells);
    EXPECT_EQ(finding.separator, c.separator) << c.cells[0];
    ASSERT_TRUE(finding.warning) << c.cells[0];
    EXPECT_THAT(*finding.warning, testing::StartsWith("\"" + c.separator + "\" is in "));
    Cells backwards = c.cells;
    std::reverse(backwards.begin(), backwards.end());
    EXPECT_EQ(RecogniseSeparator(backwards).separator, c.separator);
    EXPECT_EQ(RecogniseSeparator(backwards).warning, finding.warning);
  }
  EXPECT_EQ(
      *RecogniseSeparator(cases[0].cells).warning,
      "\",\" is in 2 of 3 cells (66.7 %), such as \"Drama, War\", and taken for what separates "
      "values");
}

TEST(RecogniseSeparator, WarnsOfWhatItDoesNotTake) {
  // One cell in twenty; and a text, whose commas leave more than words.
  Cells rare(19, "War Drama");
  rare.emplace_back("Rock,Pop Jazz");
  for (const Cells& cells :
       {rare, Cells{"a man walks into a bar, and falls over his own feet", "no list at all"}}) {
    const SeparatorFinding finding = RecogniseSeparator(cells);
    EXPECT_EQ(finding.separator, " ");
    ASSERT_TRUE(finding.warning);
    EXPECT_THAT(*finding.warning, testing::HasSubstr("and taken for a part of values"));
  }
}

TEST(WarningOfLists, AreForPartsThatRecur) {
  EXPECT_THAT(*WarningOfLists(Cells{"Drama|War", "War", "Drama", "War|Drama"}),
              testing::HasSubstr(
                  "\"|\" is in 2 of 4 cells (50.0 %), such as \"Drama|War\", which are taken"));
  EXPECT_EQ(WarningOfLists(Cells{"Lion King, The", "Abyss, The", "Heat"}), std::nullopt);
  EXPECT_EQ(WarningOfLists(Cells{"Drama", "War", ""}), std::nullopt);
}

}  // namespace
}  // namespace shortlist
