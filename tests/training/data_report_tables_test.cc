#include "training/data_report_tables.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Cells = std::vector<std::string>;

ReportTable TableOf(const DataReport& report, const std::string& title) {
  for (ReportTable& table : DataReportTables(report))
    if (table.title == title) return std::move(table);
  return {};
}

std::vector<std::string> TitlesOf(const DataReport& report) {
  std::vector<std::string> titles;
  for (const ReportTable& table : DataReportTables(report)) titles.push_back(table.title);
  return titles;
}

TEST(DataReportTables, HaveOneForEverySubjectThereIs) {
  EXPECT_THAT(TitlesOf({}),
              ElementsAre("Who, what, when", "What rows count as", "Ties and duplicates",
                          "Popular and cold", kRankTable, "Ignored, in doubt, suspicious"));
  EXPECT_THAT(TitlesOf({.periods = {{"2000", 1}},
                        .sessions = SessionReport(),
                        .attributes = {AttributeReport()}}),
              ElementsAre("Who, what, when", "What rows count as", "Ties and duplicates", "When",
                          "Sessions", "Popular and cold", kRankTable, "Attributes",
                          "Ignored, in doubt, suspicious"));
}

TEST(DataReportTables, EveryRowIsAsLongAsItsHeader) {
  const DataReport report{.summary = {.leakage = {{"plays", 0.9}}},
                          .periods = {{"2000", 1}, {"2001", 0}},
                          .sessions = SessionReport{.lengths = {{1, 1, 5}, {2, 0, 1}}},
                          .attributes = {AttributeReport{.rows = 1}}};
  for (const ReportTable& table : DataReportTables(report))
    for (const Cells& row : table.rows) EXPECT_EQ(row.size(), table.header.size()) << table.title;
}

TEST(DataReportTables, SayWhatBecameOfEveryRow) {
  DataReport report{.summary = {.rows = 1'000,
                                .bad_rows = 1,
                                .out_of_range = 20,
                                .worth_nothing = 30,
                                .later_or_earlier = 40,
                                .rare = 50,
                                .rare_users = 6,
                                .rare_items = 7,
                                .test_refused = 8,
                                .repeats = 45,
                                .unknown_times = 9,
                                .refused = 100,
                                .worth = "label: 1 is positive"},
                    .interactions = 900,
                    .tied = 90};
  const ReportTable worth = TableOf(report, "What rows count as");
  EXPECT_EQ(worth.note, "label: 1 is positive");
  EXPECT_THAT(
      worth.rows,
      ElementsAre(Cells{"read", "1,000"}, Cells{"left out: malformed, of all files", "1 (0.1 %)"},
                  Cells{"left out: out of the spec's range", "20 (2.0 %)"},
                  Cells{"left out: worth nothing", "30 (3.0 %)"},
                  Cells{"left out: of several with one item", "40 (4.0 %)"},
                  Cells{"left out: of 6 users and 7 items that are too rare", "50 (5.0 %)"},
                  Cells{"left out: refused in the test file", "8 (0.8 %)"},
                  Cells{"refused: negatives for the ranker", "100 (10.0 %)"},
                  Cells{"positive: learned from", "900 (90.0 %)"}));
  EXPECT_THAT(TableOf(report, "Ties and duplicates").rows,
              ElementsAre(Cells{"tied: at the time of another of the user", "90 (10.0 %)"},
                          Cells{"at a time that is not known", "9 (1.0 %)"},
                          Cells{"repeats: with an item that the user had", "45 (5.0 %)"}));
}

TEST(DataReportTables, DrawBarsAsLongAsTheCounts) {
  const ReportTable table =
      TableOf({.periods = {{"2000", 1}, {"2001", 0}, {"2002", 60}, {"2003", 30}}}, "When");
  std::vector<size_t> lengths;
  for (const Cells& row : table.rows) lengths.push_back(row[2].size() / std::string("█").size());
  EXPECT_THAT(lengths, ElementsAre(1, 0, 30, 15));
}

TEST(DataReportTables, SayWhatASessionIs) {
  const ReportTable table =
      TableOf({.sessions = SessionReport{.sessions = 4,
                                         .users_with_one = 1,
                                         .users = 2,
                                         .length = {1, 2, 3, 4, 50},
                                         .lengths = {{1, 1, 1}, {2, 5, 2}, {6, 0, 1}}}},
              "Sessions");
  EXPECT_THAT(table.note, HasSubstr("without a pause of more than 30 minutes"));
  EXPECT_THAT(table.note, HasSubstr("There are 4 of 2 users; 1 (50.0 %) have one alone"));
  EXPECT_THAT(table.note, HasSubstr("1 / 2 / 3 / 4 / 50"));
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(table.rows[0][0], "1");
  EXPECT_EQ(table.rows[1][0], "2 to 5");
  EXPECT_EQ(table.rows[1][1], "2 (50.0 %)");
  EXPECT_EQ(table.rows[2][0], "6 or more");
}

TEST(DataReportTables, PutItemsAndUsersSideBySide) {
  const ConcentrationReport items{.with_any = 200,
                                  .with_none = 3,
                                  .with_one = 50,
                                  .with_two = 10,
                                  .with_five_or_fewer = 100,
                                  .interactions = {1, 2, 5, 10, 5'000},
                                  .top = 2,
                                  .top_share = 0.25,
                                  .gini = 0.8,
                                  .ranks = {{1, 5'000}, {3, 4'000}, {10, 400}, {32, 40}, {100, 6}}};
  const ConcentrationReport users{.with_any = 10, .ranks = {{1, 70}, {3, 60}, {10, 1}}};
  const DataReport report{.users = users, .items = items};
  const ReportTable cold = TableOf(report, "Popular and cold");
  EXPECT_THAT(cold.header, ElementsAre("", "items", "users"));
  EXPECT_THAT(cold.rows, Contains(Cells{"interactions of one: least / quartiles / most",
                                        "1 / 2 / 5 / 10 / 5,000", "0 / 0 / 0 / 0 / 0"}));
  EXPECT_THAT(cold.rows, Contains(Cells{"  their share of the interactions", "25.0 %", "0.0 %"}));
  EXPECT_THAT(cold.rows, Contains(Cells{"Gini coefficient", "0.800", "0.000"}));
  EXPECT_THAT(cold.rows, Contains(Cells{"with 1 interaction", "50 (25.0 %)", "0 (0.0 %)"}));
  EXPECT_THAT(cold.rows, Contains(Cells{"with 2", "10 (5.0 %)", "0 (0.0 %)"}));
  EXPECT_THAT(cold.rows, Contains(Cells{"with 5 or fewer", "100 (50.0 %)", "0 (0.0 %)"}));
  EXPECT_THAT(cold.rows, Contains(Cells{"with none", "3", "0"}));
  EXPECT_THAT(TableOf(report, kRankTable).rows,
              ElementsAre(Cells{"1", "5,000", "70"}, Cells{"3", "4,000", "60"},
                          Cells{"10", "400", "1"}, Cells{"32", "40", ""}, Cells{"100", "6", ""}));
  EXPECT_THAT(TableOf(report, "Who, what, when").rows,
              Contains(Cells{"items", "200, and 3 without interactions"}));
}

TEST(DataReportTables, SayWhatAttributesWereTakenFor) {
  const DataReport report{.attributes = {{.of = "item",
                                          .name = "genre",
                                          .type = AttributeType::kTokens,
                                          .values = 2,
                                          .rows = 4,
                                          .missing = 1,
                                          .most_frequent = {{"War", 3}, {"Epic", 2}}},
                                         {.of = "item",
                                          .name = "released",
                                          .type = AttributeType::kNumber,
                                          .values = 9,
                                          .rows = 4,
                                          .least = 20240228,
                                          .most = 20240229.5}}};
  const ReportTable table = TableOf(report, "Attributes");
  EXPECT_EQ(table.note, "Items have no titles.");
  EXPECT_THAT(
      table.rows,
      ElementsAre(
          Cells{"item", "genre", "list of tokens", "2", "1 (25.0 %)", "War 75 %, Epic 50 %"},
          Cells{"item", "released", "number", "9", "0 (0.0 %)", "20240228 to 20240229.5"}));
}

TEST(DataReportTables, NameWhatIsSuspicious) {
  EXPECT_THAT(TableOf({}, "Ignored, in doubt, suspicious").rows, IsEmpty());
  EXPECT_EQ(TableOf({}, "Ignored, in doubt, suspicious").note, "Nothing.");
  DataReport report{.summary = {.leakage = {{"plays", 0.934}}}};
  report.summary.notes.Inform("far/films.item", "column url is left out");
  const ReportTable table = TableOf(report, "Ignored, in doubt, suspicious");
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0][0], "leakage");
  EXPECT_THAT(table.rows[0][1], HasSubstr("plays: rank correlation 0.93"));
  EXPECT_EQ(table.rows[1], (Cells{"reading", "films.item: column url is left out"}));
}

}  // namespace
}  // namespace shortlist
