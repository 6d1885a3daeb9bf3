#include "ranking/best_first.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(BestFirst, ReturnsPositionsOfTheBestScoresBestFirst) {
  EXPECT_THAT(BestFirst(std::vector<float>{0.5, -1, 3, 2}, 3), ElementsAre(2, 3, 0));
}

TEST(BestFirst, PutsEqualScoresInTheOrderTheyCameIn) {
  EXPECT_THAT(BestFirst(std::vector<float>{1, 2, 1, 2, 1}, 4), ElementsAre(1, 3, 0, 2));
}

TEST(BestFirst, ReturnsAllWhenThereAreFewerThanAskedFor) {
  EXPECT_THAT(BestFirst(std::vector<float>{1, 2}, 10), ElementsAre(1, 0));
  EXPECT_THAT(BestFirst(std::vector<float>{}, 10), IsEmpty());
}

}  // namespace
}  // namespace shortlist
