#include "learning/baselines/popularity_model.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::ElementsAre;

std::vector<float> Scores(const ScoringModel& model, const std::vector<ItemRow>& history,
                          size_t items) {
  std::vector<float> scores(items, 99);
  model.Score(history, scores);
  return scores;
}

TEST(PopularityModel, ScoresByCountWhateverTheHistory) {
  const PopularityModel model(std::vector<uint32_t>{3, 0, 7});
  EXPECT_THAT(Scores(model, {2}, 3), ElementsAre(3, 0, 7));
}

}  // namespace
}  // namespace shortlist
