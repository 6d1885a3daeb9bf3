#include "evaluation/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include "evaluation/evaluation_report.h"
#include "evaluation/result_json.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// Users by their items, in order; ten items.
Dataset WithItems(const std::vector<std::vector<ItemRow>>& items_of) {
  Dataset dataset;
  for (int item = 0; item < 10; ++item) dataset.items.ids.push_back(std::to_string(item));
  for (uint32_t user = 0; user < items_of.size(); ++user) {
    dataset.user_ids.push_back(std::to_string(user));
    for (ItemRow item : items_of[user])
      dataset.interactions.push_back({.user = user, .item = item, .time_ms = 0, .value = 0});
  }
  return dataset;
}

// Everything but the last two is history.
std::vector<UserSequence> LastTwoAreTest(const Dataset& dataset) {
  auto sequences = WithoutHoldout(SplitPerUser(dataset, 0, 0));
  for (UserSequence& s : sequences) {
    const size_t held_out = std::min<size_t>(2, s.end - s.begin);
    s.train_end = s.valid_end = s.end - held_out;
  }
  return sequences;
}

// The items in the order of their numbers.
std::vector<ItemRow> InOrder(const TestCase&, const ItemFilter& filter, size_t count) {
  std::vector<ItemRow> rows;
  filter.ForEachPassing(10, [&](ItemRow item) {
    if (rows.size() < count) rows.push_back(item);
  });
  return rows;
}

TEST(MakeTestCases, WhatTheUserHasAlreadyIsNotRelevantAndUsersWithNothingElseAreLeftOut) {
  const Dataset dataset = WithItems({{1, 2, 1, 3}, {4, 4, 4}, {5, 6, 7}});
  const auto cases = MakeTestCases(dataset, LastTwoAreTest(dataset), {});
  ASSERT_EQ(cases.size(), 2);
  EXPECT_EQ(cases[0].user.user, 0);
  EXPECT_THAT(ItemsOf(cases[0].user), ElementsAre(1, 2));
  EXPECT_THAT(cases[0].relevant, UnorderedElementsAre(3));
  EXPECT_EQ(cases[1].user.user, 2);
  EXPECT_THAT(cases[1].relevant, UnorderedElementsAre(6, 7));
}

TEST(MakeTestCases, UnseenUsersComeWithoutTheirIdAndWithTheEndOfTheirHistory) {
  const Dataset dataset = WithItems({{0, 1, 2, 3, 4, 5}});
  const auto cases = MakeTestCases(dataset, LastTwoAreTest(dataset),
                                   {.unseen_users = std::vector<uint32_t>{0}, .short_history = 3});
  ASSERT_EQ(cases.size(), 1);
  EXPECT_EQ(cases[0].asker, Asker::kUnseen);
  EXPECT_EQ(cases[0].user.user, kNoUser);
  EXPECT_THAT(ItemsOf(cases[0].user), ElementsAre(1, 2, 3));
}

TEST(MakeTestCases, BesideUnseenUsersTheOthersAskWithAHistoryAsShortToo) {
  const Dataset dataset = WithItems({{0, 1, 2, 3}, {5, 6, 7, 8}, {8, 9}});
  const auto cases = MakeTestCases(dataset, LastTwoAreTest(dataset),
                                   {.unseen_users = std::vector<uint32_t>{0}, .short_history = 1});
  ASSERT_EQ(cases.size(), 4);
  EXPECT_EQ(cases[1].asker, Asker::kShortHistory);
  EXPECT_EQ(cases[1].user.user, 1);
  EXPECT_THAT(ItemsOf(cases[1].user), ElementsAre(6));
  EXPECT_EQ(cases[2].asker, Asker::kKnown);
  EXPECT_THAT(ItemsOf(cases[2].user), ElementsAre(5, 6));
  EXPECT_EQ(cases[3].user.user, 2);  // Without a history there is nothing to shorten.
}

class EvaluatorTest : public testing::Test {
 protected:
  Evaluation Run(const Dataset& dataset, const TestCaseOptions& cases,
                 const EvaluatorOptions& options) {
    const auto sequences = LastTwoAreTest(dataset);
    Evaluator evaluator(MakeTestCases(dataset, sequences, cases),
                        TrainingCounts(dataset, sequences), dataset.user_ids.size(), options,
                        pool_);
    evaluator.Measure("in order", InOrder);
    return std::move(evaluator).Take();
  }
  WorkerPool pool_{2};
};

TEST_F(EvaluatorTest, RanksEverythingButTheHistoryAndAveragesOverUsers) {
  // Lists of two: {1, 2} with 1 and 9 relevant; {0, 1} with 8 and 9.
  const Dataset dataset = WithItems({{0, 1, 9}, {5, 8, 9}});
  const Evaluation evaluation = Run(dataset, {}, {.cutoffs = {2}, .cold = 0, .resamples = 0});
  EXPECT_EQ(evaluation.users, 2);
  ASSERT_EQ(evaluation.rows.size(), 1);
  const EvaluationRow& row = evaluation.rows[0];
  EXPECT_DOUBLE_EQ(row["hit@2"], 0.5);
  EXPECT_DOUBLE_EQ(row["recall@2"], 0.25);
  EXPECT_NEAR(row["ndcg@2"], 0.5 / (1 + 1 / std::log2(3)), 1e-6);
  EXPECT_DOUBLE_EQ(row["mrr@2"], 0.5);
  EXPECT_DOUBLE_EQ(row["map@2"], 0.25);
  EXPECT_DOUBLE_EQ(row["coverage@2"], 0.3);
  // One of two users has item 0; nobody 1 and 2, which count as had by one.
  EXPECT_DOUBLE_EQ(row["novelty@2"], 1);
}

TEST_F(EvaluatorTest, DoesNotRankWhatTheUserHasEvenIfNotAskedWithIt) {
  // Both ask with item 3 alone; what they had before is not ranked in front of 4.
  const Dataset dataset = WithItems({{0, 1, 2, 3, 4, 9}, {0, 1, 2, 3, 4, 9}});
  const Evaluation evaluation = Run(
      dataset, {.unseen_users = std::vector<uint32_t>{1}, .short_history = 1}, {.cutoffs = {1}});
  EXPECT_EQ(evaluation.slices.back().name, "unseen_users");
  for (const EvaluationSlice& slice : evaluation.slices)
    EXPECT_EQ(slice.rows[0]["hit@1"], 1) << slice.name;
}

TEST_F(EvaluatorTest, SlicesAreColdUsersColdItemsUsersWithoutHistoryAndUnseenOnes) {
  // User 0: three items of history; user 1: one; user 2: none; user 3: unseen. Of the relevant
  // items only 1 is in training.
  const Dataset dataset = WithItems({{0, 1, 2, 3, 9}, {5, 1, 9}, {8, 9}, {0, 0, 7, 8}});
  const Evaluation evaluation =
      Run(dataset, {.unseen_users = std::vector<uint32_t>{3}}, {.cutoffs = {2}, .cold = 1});
  EXPECT_EQ(evaluation.users, 3);
  ASSERT_EQ(evaluation.slices.size(), 5);
  EXPECT_EQ(evaluation.slices[0].name, "cold_users");
  EXPECT_EQ(evaluation.slices[0].users, 1);
  EXPECT_DOUBLE_EQ(evaluation.slices[0].rows[0]["hit@2"], 1);  // List {0, 1}.
  EXPECT_EQ(evaluation.slices[1].name, "cold_items");
  EXPECT_EQ(evaluation.slices[1].users, 3);
  EXPECT_EQ(evaluation.slices[2].name, "users_without_history");
  EXPECT_EQ(evaluation.slices[2].users, 1);
  EXPECT_EQ(evaluation.slices[3].name, "known_users_short_history");
  EXPECT_EQ(evaluation.slices[3].users, 2);
  EXPECT_EQ(evaluation.slices[4].name, "unseen_users");
  EXPECT_EQ(evaluation.slices[4].users, 1);
}

TEST_F(EvaluatorTest, IntervalsHoldTheMeanAndNarrowWithMoreUsers) {
  std::vector<std::vector<ItemRow>> few, many;
  for (uint32_t user = 0; user < 400; ++user) {
    const std::vector<ItemRow> items = {0, user % 2 == 0 ? 1U : 8U, 9};
    if (user < 40) few.push_back(items);
    many.push_back(items);
  }
  auto interval = [&](const std::vector<std::vector<ItemRow>>& items) {
    return Run(WithItems(items), {}, {.cutoffs = {1}}).rows[0].metrics[0];
  };
  const EvaluationMetric wide = interval(few);
  const EvaluationMetric narrow = interval(many);
  EXPECT_DOUBLE_EQ(wide.value, 0.5);
  // The normal approximation's 1.96 sqrt(0.25 / n).
  EXPECT_NEAR(wide.high - wide.value, 0.155, 0.04);
  EXPECT_NEAR(narrow.value - narrow.low, 0.049, 0.013);
}

TEST_F(EvaluatorTest, ComparesTheLastModelWithTheOthersByTheMetricAskedFor) {
  // The second model answers with the last items first, which are what is relevant.
  const Dataset dataset = WithItems({{0, 8, 9}, {5, 8, 9}, {1, 0, 9}});
  const auto sequences = LastTwoAreTest(dataset);
  EvaluatorOptions options{.cutoffs = {1, 2}, .compared = "recall@2"};
  std::vector<std::string> dumped;
  options.on_lists = [&](const std::string& model, std::span<const TestCase> cases,
                         const RankedLists& lists) {
    EXPECT_EQ(cases.size(), lists.size());
    dumped.push_back(model);
    EXPECT_EQ(lists[0].size(), 2u);
  };
  Evaluator evaluator(MakeTestCases(dataset, sequences, {}), TrainingCounts(dataset, sequences), 3,
                      options, pool_);
  evaluator.Measure("in order", InOrder);
  evaluator.Measure("backwards", [](const TestCase&, const ItemFilter&, size_t count) {
    std::vector<ItemRow> rows = {9, 8};
    rows.resize(std::min(count, rows.size()));
    return rows;
  });
  evaluator.CompareLast(std::vector<std::string>{"in order", "backwards"});
  const Evaluation evaluation = std::move(evaluator).Take();
  EXPECT_EQ(evaluation.compared, "recall@2");
  ASSERT_EQ(evaluation.comparisons.size(), 1u);
  const PairedComparison& comparison = evaluation.comparisons[0];
  EXPECT_EQ(comparison.model, "backwards");
  EXPECT_EQ(comparison.baseline, "in order");
  // In order: 0, 0 and a half; backwards: 1, 1 and a half.
  EXPECT_NEAR(comparison.difference, 2.0 / 3, 1e-6);
  EXPECT_NEAR(comparison.ratio, 5, 1e-6);
  EXPECT_EQ(comparison.p_value, 0.5);
  EXPECT_THAT(dumped, ElementsAre("in order", "backwards"));
}

TEST(UserMetrics, AreThoseThatAreMeansOverUsersAtACutoff) {
  const std::vector<size_t> cutoffs = {5, 10};
  EXPECT_TRUE(IsUserMetric("ndcg@10", cutoffs));
  EXPECT_FALSE(IsUserMetric("ndcg@20", cutoffs));
  EXPECT_FALSE(IsUserMetric("gini@10", cutoffs));
  EXPECT_EQ(MainCutoff(cutoffs), 10u);
  EXPECT_EQ(MainCutoff(std::vector<size_t>{3, 20}), 3u);
}

TEST_F(EvaluatorTest, ReportHasEveryModelAndMetric) {
  const Dataset dataset = WithItems({{0, 1, 9}, {5, 8, 9}});
  const Evaluation evaluation = Run(dataset, {}, {.cutoffs = {1, 2}});
  const std::string text = FormatEvaluation(evaluation, "");
  EXPECT_THAT(text, testing::HasSubstr("ndcg@2"));
  EXPECT_THAT(text, testing::HasSubstr("in order"));
  const nlohmann::json json = MetricsJson(evaluation.rows);
  EXPECT_DOUBLE_EQ(json["in order"]["recall@2"], 0.25);
  EXPECT_TRUE(IntervalsJson(evaluation.rows)["in order"].contains("hit@1"));
}

}  // namespace
}  // namespace shortlist
