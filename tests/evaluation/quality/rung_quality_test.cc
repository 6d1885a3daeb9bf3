#include "evaluation/quality/rung_quality.h"

#include <gtest/gtest.h>

#include <vector>

#include "data/user_sequences.h"
#include "evaluation/ranking_metrics.h"
#include "evaluation/recommenders.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(MeasureRungs, TheFirstIsBothStagesAndTheLastKnowsNothingOfTheUser) {
  const Dataset& dataset = SharedTestModels().dataset();
  const Bundle& bundle = *SharedTestModels().bundle();
  const std::vector<TestCase> cases = MakeTestCases(dataset, SplitPerUser(dataset, 0.1, 0.1), {});
  WorkerPool pool(2);
  const std::vector<RungQuality> measured = MeasureRungs(cases, bundle, 60, RungTable(), pool);
  ASSERT_EQ(measured.size(), RungTable().size());
  double ndcg = 0;
  for (const TestCase& test : cases) {
    ItemFilter filter;
    filter.Exclude(ItemsOf(test.user));
    ndcg += NdcgAt(BothStages(bundle, 60)(test, filter, 10), test.relevant, 10);
  }
  EXPECT_EQ(measured[0].rung, kFullRung);
  EXPECT_NEAR(measured[0].ndcg, ndcg / static_cast<double>(cases.size()), 1e-9);
  EXPECT_EQ(measured.back().rung, kPrecomputedRung);
  EXPECT_LT(measured.back().ndcg, measured[0].ndcg);
}

TEST(FormatRungs, HasARowARung) {
  EXPECT_EQ(FormatRungs(std::vector<RungQuality>{{kFullRung, 0.25}, {kPopularRung, 0.125}}),
            "rung              ndcg@10  of full\n"
            "full               0.2500    1.000\n"
            "popular            0.1250    0.500\n");
}

}  // namespace
}  // namespace shortlist
