// Measures models on the interactions that were held out: one request per user, just before their
// first test interaction, ranked over the whole catalog without what the user has already; every
// test item that is new to the user is relevant. Users without one are left out.
//
// Not thread-safe; uses the threads of a pool.
//
//   Evaluator evaluator(MakeTestCases(dataset, sequences, {}), TrainingCounts(dataset, sequences),
//                       users, {}, pool);
//   evaluator.Measure("popularity", FromScores(popularity, items));
//   evaluator.Measure("ease", FromScores(ease, items));
//   evaluator.CompareLast({"popularity", "ease"});
//   Evaluation evaluation = std::move(evaluator).Take();
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "evaluation/paired_comparison.h"
#include "evaluation/ranking_metrics.h"
#include "features/encoded_request.h"
#include "retrieval/filters/item_filter.h"

namespace shortlist {

// As whom a user asks.
enum class Asker {
  kKnown,         // As themselves.
  kShortHistory,  // With the end of their history alone: what an unseen user is to be held against.
  kUnseen,        // Training did not see them: without an id, with as short a history.
};

// One user's request, and what would have been right to answer.
struct TestCase {
  EncodedUser user;
  EncodedContext context;
  std::vector<ItemRow> had;  // All that the user has, asked with or not: is not ranked.
  ItemSet relevant;          // Not empty; nothing that the user has.
  Asker asker = Asker::kKnown;
};

struct TestCaseOptions {
  // Of more users with test interactions a sample is taken.
  size_t max_users = 100'000;
  // Users that the model does not know: their requests come without their id, with this much
  // history. Where there are any, all others who have a history ask twice: as they are, and with as
  // short a history.
  std::span<const uint32_t> unseen_users = {};
  size_t short_history = 5;
  uint64_t seed = 1;
};

// One for every user with something to test, or two; in the order of the users.
std::vector<TestCase> MakeTestCases(const Dataset& dataset, std::span<const UserSequence> sequences,
                                    const TestCaseOptions& options);

// A model as the evaluator sees it: at most `count` items that pass the filter, best first. Called
// from several threads.
using Recommend =
    std::function<std::vector<ItemRow>(const TestCase&, const ItemFilter&, size_t count)>;

struct EvaluationMetric {
  std::string name;  // Such as "ndcg@10".
  double value = 0;
  // 95 % interval of the bootstrap over users (Efron and Tibshirani 1993, percentiles); equal to
  // the value for metrics that are not means over users.
  double low = 0;
  double high = 0;
};

struct EvaluationRow {
  std::string model;
  std::vector<EvaluationMetric> metrics;

  // 0 when there is no such metric.
  double operator[](std::string_view metric) const;
};

// Some of the test cases, or of what is relevant in them.
struct EvaluationSlice {
  std::string name;
  size_t users = 0;
  std::vector<EvaluationRow> rows;
};

struct Evaluation {
  std::vector<size_t> cutoffs;
  size_t users = 0;
  std::vector<EvaluationRow> rows;
  std::string compared;  // The metric of the comparisons.
  std::vector<PairedComparison> comparisons;
  std::vector<EvaluationSlice> slices;  // Those that have users.
};

// 10 where it is one of the cutoffs, of which there is at least one; otherwise the first: that of
// the figures that stand for all.
size_t MainCutoff(std::span<const size_t> cutoffs);

// Whether the metric is a mean over users at one of these cutoffs, so that it can be compared.
bool IsUserMetric(std::string_view metric, std::span<const size_t> cutoffs);

struct EvaluatorOptions {
  std::vector<size_t> cutoffs = {5, 10, 20, 100};
  // What models are compared by, see IsUserMetric; empty: NDCG at the main cutoff.
  std::string compared;
  // Told of the lists of every model that is measured: one a case, as long as the longest cutoff.
  std::function<void(const std::string& model, std::span<const TestCase>, const RankedLists&)>
      on_lists;
  // A user or item with at most this many training interactions is cold.
  size_t cold = 5;
  size_t resamples = 1'000;  // 0: no intervals.
  uint64_t seed = 1;
};

class Evaluator {
 public:
  // `train_counts`: training interactions by item; `users`: how many users training had. Askers
  // other than known users are slices of their own and in nothing else.
  Evaluator(std::vector<TestCase> cases, std::vector<uint32_t> train_counts, size_t users,
            EvaluatorOptions options, WorkerPool& pool);

  // Adds a row for a model, in every slice. Returns that of all users, until the next call.
  const EvaluationRow& Measure(const std::string& model, const Recommend& recommend);

  // Adds comparisons, over all users, of the last of these models with each of the others. All have
  // been measured.
  void CompareLast(std::span<const std::string> models);

  Evaluation Take() && { return std::move(evaluation_); }

 private:
  struct Group {
    std::vector<uint32_t> cases;
    std::vector<ItemSet> relevant;  // By position in `cases`.
  };

  // `compared`: what the compared metric was for each user of the group.
  EvaluationRow MeasureGroup(const std::string& model, const Group& group, const RankedLists& lists,
                             std::vector<float>* compared = nullptr);
  void AddIntervals(const std::vector<float>& values, size_t columns, EvaluationRow& row);

  std::vector<TestCase> cases_;
  std::vector<uint32_t> train_counts_;
  size_t users_;
  EvaluatorOptions options_;
  WorkerPool& pool_;
  std::vector<Group> groups_;  // That of all users first, then those of the slices.
  // By row of the evaluation and user: what the compared metric was.
  std::vector<std::vector<float>> compared_;
  Evaluation evaluation_;
};

}  // namespace shortlist
