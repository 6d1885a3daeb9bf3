#include "evaluation/quality/diversity_quality.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/user_sequences.h"
#include "evaluation/ranking_metrics.h"
#include "evaluation/recommenders.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(MeasureDiversity, WithoutDiversityIsBothStagesAndWithMoreTheListsSpread) {
  const Dataset& dataset = SharedTestModels().dataset();
  const Bundle& bundle = *SharedTestModels().bundle();
  const std::vector<TestCase> cases = MakeTestCases(dataset, SplitPerUser(dataset, 0.1, 0.1), {});
  WorkerPool pool(2);
  const std::vector<DiversityQuality> measured =
      MeasureDiversity(cases, bundle, 60, std::vector<float>{0, 0.5F, 1}, pool);
  ASSERT_EQ(measured.size(), 3u);
  double ndcg = 0;
  for (const TestCase& test : cases) {
    ItemFilter filter;
    filter.Exclude(ItemsOf(test.user));
    ndcg += NdcgAt(BothStages(bundle, 60)(test, filter, 10), test.relevant, 10);
  }
  EXPECT_NEAR(measured[0].ndcg, ndcg / static_cast<double>(cases.size()), 1e-9);
  EXPECT_EQ(measured[2].diversity, 1);
  EXPECT_LT(measured[0].distance, measured[1].distance);
  EXPECT_LT(measured[1].distance, measured[2].distance);
  // Of tokens alone: years are numbers.
  ASSERT_EQ(measured[0].values.size(), 1u);
  const double genres = measured[0].values.at("genre");
  EXPECT_GE(genres, 1);
  EXPECT_LE(genres, measured[2].values.at("genre"));
  EXPECT_LE(measured[2].values.at("genre"), 4 + 1e-9);
}

TEST(DiversityReport, HasARowASetting) {
  const std::vector<DiversityQuality> settings = {
      {.diversity = 0, .ndcg = 0.25, .distance = 0.5, .values = {{"genre", 2.5}}}};
  EXPECT_EQ(FormatDiversity(settings),
            "diversity   ndcg@10  distance@10  genre@10\n"
            "        0    0.2500       0.5000      2.50\n");
}

}  // namespace
}  // namespace shortlist
