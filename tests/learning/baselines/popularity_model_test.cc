#include "learning/baselines/popularity_model.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/learning/baselines/scores_of_items.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(PopularityModel, ScoresByCountWhateverTheHistory) {
  const PopularityModel model(std::vector<uint32_t>{3, 0, 7});
  EXPECT_THAT(ScoresOfItems(model, {2}, 3), ElementsAre(3, 0, 7));
}

}  // namespace
}  // namespace shortlist
