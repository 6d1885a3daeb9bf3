#include "evaluation/seed_summary.h"

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

Evaluation OfSeed(double ease, double both) {
  Evaluation evaluation;
  evaluation.cutoffs = {10};
  evaluation.compared = "ndcg@10";
  evaluation.rows = {{"ease", {{.name = "ndcg@10", .value = ease}}},
                     {"both", {{.name = "ndcg@10", .value = both}}}};
  evaluation.comparisons.resize(1);
  evaluation.comparisons[0].model = "both";
  evaluation.comparisons[0].baseline = "ease";
  evaluation.comparisons[0].difference = both - ease;
  return evaluation;
}

TEST(SummariseSeeds, HasMeansDeviationsAndDifferencesWithinSeeds) {
  const SeedSummary summary =
      SummariseSeeds(std::vector<Evaluation>{OfSeed(1, 2), OfSeed(3, 2.5), OfSeed(2, 4.5)});
  EXPECT_EQ(summary.seeds, 3u);
  ASSERT_EQ(summary.rows.size(), 2u);
  EXPECT_EQ(summary.rows[0].model, "ease");
  EXPECT_DOUBLE_EQ(summary.rows[0].metrics[0].mean, 2);
  EXPECT_DOUBLE_EQ(summary.rows[0].metrics[0].deviation, 1);
  EXPECT_DOUBLE_EQ(summary.rows[1].metrics[0].mean, 3);
  ASSERT_EQ(summary.differences.size(), 1u);
  // 1, -0.5 and 2.5.
  EXPECT_DOUBLE_EQ(summary.differences[0].difference.mean, 1);
  EXPECT_DOUBLE_EQ(summary.differences[0].difference.deviation, 1.5);
  EXPECT_DOUBLE_EQ(summary.differences[0].ratio, 1.5);
  EXPECT_EQ(summary.differences[0].better, 2u);
}

TEST(SummariseSeeds, LeavesOutAModelThatASeedDoesNotHave) {
  std::vector<Evaluation> evaluations = {OfSeed(1, 2), OfSeed(1, 2)};
  evaluations[1].rows.pop_back();
  evaluations[1].comparisons.clear();
  const SeedSummary summary = SummariseSeeds(evaluations);
  ASSERT_EQ(summary.rows.size(), 1u);
  EXPECT_EQ(summary.rows[0].model, "ease");
  EXPECT_THAT(summary.differences, testing::IsEmpty());
}

TEST(FormatSeeds, HasMeansWithDeviationsAndDifferences) {
  const SeedSummary summary =
      SummariseSeeds(std::vector<Evaluation>{OfSeed(0.1, 0.25), OfSeed(0.1, 0.35)});
  EXPECT_EQ(FormatSeeds(summary, "2 test users"),
            "First 10 items; 2 test users; means of 2 seeds (standard deviations)\n"
            "              ndcg@10\n"
            "ease  0.1000 (0.0000)\n"
            "both  0.3000 (0.0707)\n"
            "\n"
            "Differences of ndcg@10 within seeds: mean (standard deviation), ratio of the means, "
            "seeds above 0\n"
            "both - ease  +0.2000 (0.0707)   3.000  2 of 2\n");
}

}  // namespace
}  // namespace shortlist
