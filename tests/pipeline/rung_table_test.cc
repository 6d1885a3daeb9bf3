#include <gtest/gtest.h>

#include <set>

#include "pipeline/rung.h"
#include "pipeline/rungs/full.h"

namespace shortlist {
namespace {

TEST(RungTable, BeginsWithTheFullPipelineAndHasEveryRungOnce) {
  ASSERT_FALSE(RungTable().empty());
  EXPECT_EQ(RungTable().front().id, kFullRung);
  std::set<RungId> ids;
  for (const Rung& rung : RungTable()) {
    EXPECT_GT(rung.id, 0);
    EXPECT_TRUE(ids.insert(rung.id).second) << rung.id;
    EXPECT_NE(rung.answer, nullptr);
  }
}

}  // namespace
}  // namespace shortlist
