#include "learning/baselines/implicit_als_model.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/learning/baselines/scores_of_items.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

// One user with one item, one dimension: by symmetry of the objective x = y at the optimum, which
// for c = 1 + alpha minimises c (1 - x y)^2 + l2 (x^2 + y^2): x y = 1 - l2 / c.
TEST(ImplicitAlsModel, ConvergesToTheOptimumComputedByHand) {
  const InteractionMatrix matrix{.offsets = {0, 1}, .columns = {0}};
  WorkerPool pool(1);
  const ImplicitAlsModel model =
      ImplicitAlsModel::Fit(matrix, 1, {.dim = 1, .alpha = 3, .l2 = 0.5F, .sweeps = 200}, pool);
  EXPECT_NEAR(ScoresOfItems(model, {0}, 1)[0], 1 - 0.5 / 4, 1e-3);
}

// Two groups of users and items that have nothing to do with one another; item 4 nobody has.
TEST(ImplicitAlsModel, FindsTheGroupsAlsoForUsersItHasNotSeen) {
  const InteractionMatrix matrix{.offsets = {0, 2, 4, 6, 6}, .columns = {0, 1, 0, 1, 2, 3}};
  WorkerPool pool(2);
  const ImplicitAlsModel model =
      ImplicitAlsModel::Fit(matrix, 5, {.dim = 4, .alpha = 10, .l2 = 0.1F}, pool);
  const std::vector<float> scores = ScoresOfItems(model, {0}, 5);
  EXPECT_GT(scores[1], 0.5);
  EXPECT_LT(scores[2], 0.1);
  EXPECT_EQ(scores[4], 0);
  EXPECT_THAT(ScoresOfItems(model, {}, 5), ElementsAre(0, 0, 0, 0, 0));
}

}  // namespace
}  // namespace shortlist
