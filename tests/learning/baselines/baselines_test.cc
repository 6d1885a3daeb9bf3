// The baselines against numbers computed by hand.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "evaluation/recommenders.h"
#include "learning/baselines/ease_model.h"
#include "learning/baselines/implicit_als_model.h"
#include "learning/baselines/item_knn_model.h"
#include "learning/baselines/popularity_model.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;

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

TEST(ItemKnnModel, SumsTheSimilaritiesToTheHistory) {
  const ItemKnnModel model({.neighbours = 2,
                            .items = {1, 2, 0, kNoItem, 0, kNoItem},
                            .scores = {0.5F, 0.25F, 0.5F, 0, 0.25F, 0}});
  EXPECT_THAT(Scores(model, {0}, 3), ElementsAre(0, 0.5F, 0.25F));
  EXPECT_THAT(Scores(model, {1, 2}, 3), ElementsAre(0.75F, 0, 0));
}

TEST(FromScores, AnItemThatTheUserHasTwiceCountsOnce) {
  // Items 0 and 1 are alike 2, 3; the user has item 0 twice.
  const ItemKnnModel model(
      {.neighbours = 1, .items = {2, 3, kNoItem, kNoItem}, .scores = {0.5F, 0.75F, 0, 0}});
  const TestCase test{.user = {.history = {{0, 0, 0}, {0, 0, 0}, {1, 0, 0}}}};
  EXPECT_THAT(FromScores(model, 4)(test, ItemFilter(), 2), ElementsAre(3, 2));
}

// Users {a, b} and {a}: X'X + I = [3 1; 1 2], its inverse [2 -1; -1 3] / 5.
TEST(EaseModel, IsTheClosedForm) {
  const InteractionMatrix matrix{.offsets = {0, 2, 3}, .columns = {0, 1, 0}};
  WorkerPool pool(2);
  const auto model = EaseModel::Fit(matrix, 2, 1, pool);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_THAT(Scores(*model, {0}, 2), ElementsAre(0, FloatNear(1.0F / 3, 1e-6F)));
  EXPECT_THAT(Scores(*model, {1}, 2), ElementsAre(FloatNear(1.0F / 2, 1e-6F), 0));
}

TEST(EaseModel, RefusesCatalogsWhoseMatrixWouldNotFit) {
  WorkerPool pool(1);
  EXPECT_EQ(EaseModel::Fit({}, EaseModel::kMaxItems + 1, 1, pool).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

// One user with one item, one dimension: by symmetry of the objective x = y at the optimum, which
// for c = 1 + alpha minimises c (1 - x y)^2 + l2 (x^2 + y^2): x y = 1 - l2 / c.
TEST(ImplicitAlsModel, ConvergesToTheOptimumComputedByHand) {
  const InteractionMatrix matrix{.offsets = {0, 1}, .columns = {0}};
  WorkerPool pool(1);
  const ImplicitAlsModel model =
      ImplicitAlsModel::Fit(matrix, 1, {.dim = 1, .alpha = 3, .l2 = 0.5F, .sweeps = 200}, pool);
  EXPECT_NEAR(Scores(model, {0}, 1)[0], 1 - 0.5 / 4, 1e-3);
}

// Two groups of users and items that have nothing to do with one another; item 4 nobody has.
TEST(ImplicitAlsModel, FindsTheGroupsAlsoForUsersItHasNotSeen) {
  const InteractionMatrix matrix{.offsets = {0, 2, 4, 6, 6}, .columns = {0, 1, 0, 1, 2, 3}};
  WorkerPool pool(2);
  const ImplicitAlsModel model =
      ImplicitAlsModel::Fit(matrix, 5, {.dim = 4, .alpha = 10, .l2 = 0.1F}, pool);
  const std::vector<float> scores = Scores(model, {0}, 5);
  EXPECT_GT(scores[1], 0.5);
  EXPECT_LT(scores[2], 0.1);
  EXPECT_EQ(scores[4], 0);
  EXPECT_THAT(Scores(model, {}, 5), ElementsAre(0, 0, 0, 0, 0));
}

}  // namespace
}  // namespace shortlist
