#include "learning/baselines/ease_model.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/learning/baselines/scores_of_items.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;

// Users {a, b} and {a}: X'X + I = [3 1; 1 2], its inverse [2 -1; -1 3] / 5.
TEST(EaseModel, IsTheClosedForm) {
  const InteractionMatrix matrix{.offsets = {0, 2, 3}, .columns = {0, 1, 0}};
  WorkerPool pool(2);
  const auto model = EaseModel::Fit(matrix, 2, 1, pool);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_THAT(ScoresOfItems(*model, {0}, 2), ElementsAre(0, FloatNear(1.0F / 3, 1e-6F)));
  EXPECT_THAT(ScoresOfItems(*model, {1}, 2), ElementsAre(FloatNear(1.0F / 2, 1e-6F), 0));
}

TEST(EaseModel, RefusesCatalogsWhoseMatrixWouldNotFit) {
  WorkerPool pool(1);
  EXPECT_EQ(EaseModel::Fit({}, EaseModel::kMaxItems + 1, 1, pool).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace shortlist
