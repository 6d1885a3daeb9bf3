#include "retrieval/scored_item.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(RanksBefore, PutsTheHigherScoreAndOfEqualOnesTheLowerRowFirst) {
  EXPECT_TRUE(RanksBefore({7, 0.5F}, {3, 0.4F}));
  EXPECT_FALSE(RanksBefore({3, 0.4F}, {7, 0.5F}));
  EXPECT_TRUE(RanksBefore({3, 0.5F}, {7, 0.5F}));
  EXPECT_FALSE(RanksBefore({3, 0.5F}, {3, 0.5F}));
}

}  // namespace
}  // namespace shortlist
