#include "evaluation/data_report.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kDay = 24 * 60 * kMinute;
constexpr int64_t kStart = 10'957 * kDay;  // 2000-01-01.

struct Row {
  uint32_t user;
  ItemRow item;
  int64_t time_ms;
};

Dataset WithRows(uint32_t users, uint32_t items, const std::vector<Row>& rows) {
  Dataset dataset;
  dataset.name = "toy";
  dataset.has_times = dataset.has_unix_times = true;
  for (uint32_t user = 0; user < users; ++user) dataset.user_ids.push_back(std::to_string(user));
  for (uint32_t item = 0; item < items; ++item) dataset.items.ids.push_back(std::to_string(item));
  for (const auto& [user, item, time_ms] : rows)
    dataset.interactions.push_back({.user = user, .item = item, .time_ms = time_ms, .value = 0});
  return dataset;
}

std::vector<std::pair<std::string, uint64_t>> PeriodsOf(const DataReport& report) {
  std::vector<std::pair<std::string, uint64_t>> periods;
  for (const auto& [name, interactions] : report.periods) periods.emplace_back(name, interactions);
  return periods;
}

// Two users, two items, at these times.
DataReport At(int64_t first, int64_t second) {
  return MakeDataReport(WithRows(2, 2, {{0, 0, first}, {1, 1, second}}));
}

TEST(DataReport, CountsThoseWithInteractionsAndThePairsThatHaveOne) {
  Dataset dataset =
      WithRows(4, 6, {{0, 0, kStart}, {0, 1, kStart}, {0, 1, kStart + kDay}, {2, 0, kUnknownTime}});
  dataset.summary.repeats = 1;
  const DataReport report = MakeDataReport(dataset);
  EXPECT_EQ(report.interactions, 4u);
  EXPECT_EQ(report.users.with_any, 2u);
  EXPECT_EQ(report.users.with_none, 2u);
  EXPECT_EQ(report.items.with_any, 2u);
  EXPECT_EQ(report.items.with_none, 4u);
  EXPECT_DOUBLE_EQ(report.density, 0.75);
  EXPECT_EQ(report.first_ms, kStart);  // An unknown time is none.
  EXPECT_EQ(report.last_ms, kStart + kDay);
  EXPECT_THAT(Highlights(report)[0],
              HasSubstr("2 users, 2 items, 4 interactions, 75 % of all pairs, from 2000-01-01 to "
                        "2000-01-02"));
}

TEST(DataReport, CountsByTheShortestPeriodOfWhichThereAreFewEnough) {
  EXPECT_THAT(PeriodsOf(At(kStart, kStart + 2 * kDay)),
              ElementsAre(std::pair("2000-01-01", 1u), std::pair("2000-01-02", 0u),
                          std::pair("2000-01-03", 1u)));
  EXPECT_EQ(At(kStart, kStart + 35 * kDay).periods.size(), 36u);
  EXPECT_THAT(PeriodsOf(At(kStart, kStart + 36 * kDay)),
              ElementsAre(std::pair("2000-01", 1u), std::pair("2000-02", 1u)));
  EXPECT_THAT(PeriodsOf(At(kStart + 365 * kDay, kStart - 3 * 365 * kDay)),
              ElementsAre(std::pair("1997", 1u), std::pair("1998", 0u), std::pair("1999", 0u),
                          std::pair("2000", 1u)));
  const DataReport ages = At(kStart, kStart + 300 * 365 * kDay);
  EXPECT_THAT(ages.periods, IsEmpty());
  EXPECT_EQ(DayOf(*ages.last_ms), "2299-10-20");
}

TEST(DataReport, AnOrderAloneHasNeitherDatesNorSessions) {
  Dataset dataset = WithRows(1, 2, {{0, 0, 1'000}, {0, 1, 2'000}});
  dataset.has_unix_times = false;
  const DataReport report = MakeDataReport(dataset);
  EXPECT_FALSE(report.first_ms);
  EXPECT_THAT(report.periods, IsEmpty());
  EXPECT_FALSE(report.sessions);
}

TEST(DataReport, APauseOfMoreThanHalfAnHourEndsASession) {
  const DataReport report = MakeDataReport(WithRows(
      4, 9,
      {
          {0, 0, kUnknownTime},  // In none.
          {0, 1, kStart},
          {0, 2, kStart + 30 * kMinute},      // Just not too late.
          {0, 3, kStart + 60 * kMinute + 1},  // A millisecond too late.
          {1, 4, kStart + 60 * kMinute + 2},  // Of another user.
          {1, 5, kStart + 60 * kMinute + 2},
          {1, 6, kStart + 60 * kMinute + 3},
          {2, 7, kUnknownTime},
          {3, 8, kStart},
          {3, 8, kStart + 60 * kMinute},  // A part of a fixed split may end after the next begins.
          {3, 8, kStart + 30 * kMinute},
      }));
  ASSERT_TRUE(report.sessions);
  EXPECT_EQ(report.sessions->sessions, 4u);  // Of 2, 1, 3 and 3.
  EXPECT_EQ(report.sessions->users, 3u);
  EXPECT_EQ(report.sessions->users_with_one, 2u);
  EXPECT_THAT(report.sessions->length, ElementsAre(1, 1, 2, 3, 3));
  std::vector<uint64_t> lengths;
  for (const auto& length : report.sessions->lengths) lengths.push_back(length.sessions);
  EXPECT_THAT(lengths, ElementsAre(1, 1, 2, 0, 0, 0, 0));
}

TEST(DataReport, ASessionIsCountedAmongThoseOfItsLength) {
  std::vector<Row> rows;
  for (uint32_t length : {5, 6, 50, 51})
    for (uint32_t i = 0; i < length; ++i) rows.push_back({length, 0, kStart});
  const DataReport report = MakeDataReport(WithRows(52, 1, rows));
  std::vector<uint64_t> lengths;
  for (const auto& length : report.sessions->lengths) lengths.push_back(length.sessions);
  EXPECT_THAT(lengths, ElementsAre(0, 0, 1, 1, 0, 1, 1));
}

TEST(DataReport, SaysHowUnequallyInteractionsAreSharedOut) {
  // Of 102 items the first has 10 interactions, the second 5, the third 2, 98 have one, one none.
  std::vector<Row> rows;
  uint32_t user = 0;
  auto add = [&](ItemRow item, int count) {
    for (int i = 0; i < count; ++i) rows.push_back({user++, item, kStart});
  };
  add(0, 10);
  add(1, 5);
  add(2, 2);
  for (ItemRow item = 3; item < 101; ++item) add(item, 1);
  const ConcentrationReport items = MakeDataReport(WithRows(user, 102, rows)).items;
  EXPECT_EQ(items.with_any, 101u);
  EXPECT_EQ(items.with_none, 1u);
  EXPECT_EQ(items.with_one, 98u);
  EXPECT_EQ(items.with_two, 1u);
  EXPECT_EQ(items.with_five_or_fewer, 100u);
  EXPECT_THAT(items.interactions, ElementsAre(1, 1, 1, 1, 10));
  EXPECT_EQ(items.top, 2u);  // One in a hundred, rounded up.
  EXPECT_DOUBLE_EQ(items.top_share, 15.0 / 115);
  std::vector<std::pair<uint64_t, uint64_t>> ranks;
  for (const auto& [rank, interactions] : items.ranks) ranks.emplace_back(rank, interactions);
  EXPECT_EQ(ranks.front(), std::pair(uint64_t{1}, uint64_t{10}));
  EXPECT_EQ(ranks[1], std::pair(uint64_t{2}, uint64_t{5}));
  EXPECT_EQ(ranks[2], std::pair(uint64_t{3}, uint64_t{2}));
  EXPECT_EQ(ranks.back(), std::pair(uint64_t{101}, uint64_t{1}));
  for (size_t i = 1; i < ranks.size(); ++i) EXPECT_GT(ranks[i].first, ranks[i - 1].first);
}

TEST(DataReport, GiniIsOfThoseWithInteractions) {
  // Two items have 1 and 3: their mean difference, over twice their mean, is 1/4.
  const DataReport report = MakeDataReport(
      WithRows(4, 9, {{0, 0, kStart}, {1, 1, kStart}, {2, 1, kStart}, {3, 1, kStart}}));
  EXPECT_DOUBLE_EQ(report.items.gini, 0.25);
  EXPECT_DOUBLE_EQ(report.users.gini, 0);
}

TEST(DataReport, DescribesAttributesOfEachKind) {
  Dataset dataset = WithRows(2, 3, {{0, 0, kStart}, {1, 1, kStart}});
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  dataset.items.schema = {
      {.name = "genre", .type = AttributeType::kTokens, .values = {"Drama", "Epic", "War"}},
      {.name = "year", .type = AttributeType::kNumber, .values = {"1990", "1999..2001"}}};
  dataset.items.code_offsets = {0, 3, 5, 5};
  dataset.items.codes = {0, 2, 4, 2, 3};
  dataset.items.numbers = {{2001.5, 1990, kNone}};
  dataset.user_attributes.schema = {{.name = "gender", .values = {"F"}}};
  dataset.user_attributes.offsets = {0, 0, 1};
  dataset.user_attributes.codes = {0};
  const DataReport report = MakeDataReport(dataset);
  ASSERT_EQ(report.attributes.size(), 3u);
  const AttributeReport &genre = report.attributes[0], &year = report.attributes[1],
                        &gender = report.attributes[2];
  EXPECT_EQ(genre.of, "item");
  EXPECT_EQ(genre.name, "genre");
  EXPECT_EQ(genre.values, 3u);
  EXPECT_EQ(genre.rows, 3u);
  EXPECT_EQ(genre.missing, 1u);  // Two values of one item are one item.
  ASSERT_EQ(genre.most_frequent.size(), 3u);
  EXPECT_EQ(genre.most_frequent[0].name, "War");
  EXPECT_EQ(genre.most_frequent[0].rows, 2u);
  EXPECT_EQ(genre.most_frequent[1].name, "Drama");
  EXPECT_EQ(genre.most_frequent[2].rows, 0u);
  EXPECT_EQ(year.values, 2u);
  EXPECT_EQ(year.missing, 1u);
  EXPECT_EQ(year.least, 1990);
  EXPECT_EQ(year.most, 2001.5);
  EXPECT_THAT(year.most_frequent, IsEmpty());
  EXPECT_EQ(gender.of, "user");
  EXPECT_EQ(gender.rows, 2u);
  EXPECT_EQ(gender.missing, 1u);
  EXPECT_FALSE(gender.least);
}

TEST(DataReport, HighlightsAreWhatMattersBeforeTraining) {
  const DataReport report = MakeDataReport(
      WithRows(4, 9, {{0, 0, kStart}, {1, 1, kStart}, {2, 1, kStart}, {3, 1, kStart}}));
  EXPECT_THAT(
      Highlights(report),
      ElementsAre("4 users, 2 items, 4 interactions, 50 % of all pairs, from 2000-01-01 to "
                  "2000-01-01",
                  "the top 1 % of the items have 75.0 % of the interactions (Gini 0.25)",
                  "items: 1 (50.0 %) with one interaction, 2 (100.0 %) with five or fewer",
                  "users: 4 (100.0 %) with one interaction, 4 (100.0 %) with five or fewer",
                  "4 sessions (pauses of at most 30 minutes), of 1 interactions in the median; 4 "
                  "(100.0 %) of the users have one session alone"));
}

TEST(DataReport, OfNothingIsEmpty) {
  const DataReport report = MakeDataReport(WithRows(0, 0, {}));
  EXPECT_EQ(report.interactions, 0u);
  EXPECT_EQ(report.density, 0);
  EXPECT_EQ(report.items.gini, 0);
  EXPECT_THAT(report.items.ranks, IsEmpty());
  EXPECT_THAT(QuartilesOf({}), ElementsAre(0, 0, 0, 0, 0));
}

}  // namespace
}  // namespace shortlist
