#include "benchmarks/compute_floor.h"

#include <memory>

#include <gtest/gtest.h>

#include "state/sqlite/sqlite_state_store.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(MeasureCompute, CountsWhatBothStagesDoAndWhatStageOneFinds) {
  const TestModels& models = SharedTestModels();
  const auto states = SqliteStateStore::Open(models.state_db(), StateProjection());
  ASSERT_TRUE(states.ok()) << states.status();
  benchmarks::Scenario scenario;
  scenario.set_anonymous_share(0.5);
  scenario.set_anonymous_items(2);
  const RequestMix mix(scenario, {"u1", "u2"}, {"i1", "i2", "i3"}, 1);
  const auto figures = MeasureCompute(*models.bundle(), **states, mix, 8, 4);
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ((*figures)["items"], 120);
  EXPECT_EQ((*figures)["dim"], 16);
  EXPECT_EQ((*figures)["bundle_id"], models.bundle()->id);
  EXPECT_EQ((*figures)["requests"], 8);
  // More are asked for than there are: all but those of a history, of 24 items at most.
  EXPECT_GE((*figures)["candidates"], 96);
  EXPECT_LT((*figures)["candidates"], 120);
  EXPECT_EQ((*figures)["recall"], 1);
  EXPECT_EQ((*figures)["recall_queries"], 4);
  EXPECT_GT((*figures)["traffic_kib"], 0);
  EXPECT_DOUBLE_EQ(
      (*figures)["compute_cpu_us"].get<double>(),
      (*figures)["candidates_us"].get<double>() + (*figures)["ranking_us"].get<double>());
}

}  // namespace
}  // namespace shortlist
