#include "evaluation/evaluation_report.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

EvaluationRow Row(const std::string& model, double hit, double ndcg) {
  return {model,
          {{.name = "hit@10", .value = hit, .low = hit - 0.125, .high = hit + 0.125},
           {.name = "ndcg@10", .value = ndcg, .low = ndcg, .high = ndcg}}};
}

TEST(FormatRows, HasARowAModelAndAColumnAMetricThatThereIs) {
  const std::vector<EvaluationRow> rows = {Row("popularity", 0.25, 0.125), Row("both", 0.5, 1)};
  constexpr std::string_view kMetrics[] = {"ndcg@10", "recall@20", "hit@10"};
  EXPECT_EQ(FormatRows(rows, kMetrics),
            "             ndcg@10    hit@10\n"
            "popularity    0.1250    0.2500\n"
            "both          1.0000    0.5000\n");
  EXPECT_EQ(FormatRows({}, kMetrics), "");
}

TEST(FormatEvaluation, ShowsEveryCutoffTheIntervalsTheComparisonsAndTheSlices) {
  Evaluation evaluation;
  evaluation.cutoffs = {10};
  evaluation.compared = "ndcg@10";
  evaluation.comparisons = {{.model = "both", .baseline = "ease"}};
  evaluation.rows = {Row("both", 0.5, 0.25)};
  evaluation.slices = {{.name = "cold_users", .users = 7, .rows = {Row("both", 0.75, 0.125)}}};
  EXPECT_EQ(FormatEvaluation(evaluation, "9 test users"),
            "First 10 items; 9 test users\n"
            "        hit@10   ndcg@10\n"
            "both    0.5000    0.2500\n"
            "\n"
            "95 % intervals of ndcg@10:\n"
            "both  0.2500 .. 0.2500\n"
            "\n"
            "Differences of ndcg@10 within users:\n" +
                FormatComparisons(evaluation.comparisons) +
                "\n"
                "cold_users (7 users):\n"
                "        hit@10   ndcg@10\n"
                "both    0.7500    0.1250\n");
}

}  // namespace
}  // namespace shortlist
