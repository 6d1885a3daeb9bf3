#include "app/importing/import_plan.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TablePlan Plan() {
  TableReading log{"log.csv", "interactions", {}, {}};
  log.sample.rows = 1000;
  log.sample.whole = true;
  // Two users are called NULL.
  log.sample.columns = {
      {.name = "who", .missing = 3, .texts = 997, .empty = 1, .examples = {"u1", "u2"}},
      {.name = "sku", .texts = 1000},
      {.name = "stars", .missing = 250, .numbers = 740, .texts = 10},
      {.name = "note", .texts = 1000}};
  log.output.columns = {{"who", "user_id", CellKind::kId, "token"},
                        {"sku", "item_id", CellKind::kId, "token"},
                        {"stars", "rating", CellKind::kNumber, "float"}};
  log.output.ignored = {{"note", "--context keeps it"}, {"mood", "--context keeps it"}};
  TablePlan plan;
  plan.tables = {log};
  plan.spec.rating_column = "rating";
  return plan;
}

TEST(FormatImportPlan, ShowsWhatBecomesOfEachColumn) {
  const std::string text = FormatImportPlan(Plan());
  EXPECT_THAT(text, HasSubstr("log.csv: interactions, by all 1000 rows\n"));
  EXPECT_THAT(text, ::testing::ContainsRegex("who +user_id +id +0.1 % +u1, u2"));
  EXPECT_THAT(text, ::testing::ContainsRegex("stars +rating +number +25.0 % +1.0 %"));
  EXPECT_THAT(text, HasSubstr("ignored (--context keeps it): note, mood\n"));
  EXPECT_THAT(text, HasSubstr("learned from: all interactions, as no --positive is given (where "
                              "ratings are only ever 0 and 1, those with 1); --positive "
                              "\"rating>=N\" would say what is liked"));
}

TEST(FormatImportPlan, SaysWhatIsLearnedFrom) {
  TablePlan plan = Plan();
  plan.spec.worth = {{"rating", WorthRule::Condition::kAtLeast, "", 4, 1},
                     {"event", WorthRule::Condition::kIs, "buy", 0, 1},
                     {"rating", WorthRule::Condition::kAtMost, "", 2, -1}};
  EXPECT_THAT(FormatImportPlan(plan),
              HasSubstr("learned from: interactions with rating >= 4 or event = buy; refused: "
                        "rating <= 2; all others are left out\n"));
  plan.spec.worth.erase(plan.spec.worth.begin(), plan.spec.worth.begin() + 2);
  EXPECT_THAT(FormatImportPlan(plan),
              HasSubstr("learned from: all interactions but those below; refused: rating <= 2\n"));
  plan.spec.worth.clear();
  plan.spec.label_column = "label";
  EXPECT_THAT(FormatImportPlan(plan), HasSubstr("interactions whose label is 1; 0 is refused"));
  EXPECT_THAT(FormatImportPlan(plan), Not(HasSubstr("--positive")));
}

}  // namespace
}  // namespace shortlist
