#include <gtest/gtest.h>

#include <set>

#include "pipeline/ladder/rung.h"

namespace shortlist {
namespace {

TEST(RungTable, BeginsWithTheFullPipelineAndHasEveryRungOnce) {
  ASSERT_FALSE(RungTable().empty());
  EXPECT_EQ(RungTable().front().id, kFullRung);
  std::set<RungId> ids;
  for (const Rung& rung : RungTable()) {
    EXPECT_GT(rung.id, 0);
    EXPECT_TRUE(ids.insert(rung.id).second) << rung.id;
    EXPECT_GT(rung.effort.candidates, 0);
    EXPECT_GT(rung.effort.breadth, 0);
  }
}

// So that there is an answer whatever is down.
TEST(RungTable, EndsWithOneThatAsksForNoStage) {
  EXPECT_NE(RungTable().back().candidates, CandidateOrigin::kStage);
  EXPECT_FALSE(RungTable().back().is_ranked);
}

}  // namespace
}  // namespace shortlist
