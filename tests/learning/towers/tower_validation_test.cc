#include "learning/towers/tower_validation.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

const std::vector<UserSequence> kLastIsValidation = {{0, 1, 2, 2}};

// Two dimensions. The user has item 0 and takes up item 1 in validation. Towers of kBag without
// weights of their own: the user's vector is the history's, that of item 0.
class TowerValidationTest : public testing::Test {
 protected:
  TowerValidationTest() {
    dataset_.items.ids = {"a", "b", "c"};
    dataset_.user_ids = {"u"};
    for (ItemRow item : {0, 1})
      dataset_.interactions.push_back({.user = 0, .item = item, .time_ms = 0, .value = 0});
    towers_.shape = {.kind = TowerKind::kBag, .dim = 2, .hidden = 0, .max_history = 5};
    towers_.user_tower = ZeroTwoTowerParameters(towers_.shape, dataset_);
    towers_.history = Matrix::Zero(3, 2);
    towers_.history.row(0) << 1, 0;
  }
  double Ndcg(const std::vector<UserSequence>& sequences, const std::vector<float>& cosines) {
    towers_.item_embeddings = Matrix(3, 2);
    for (size_t item = 0; item < 3; ++item)
      towers_.item_embeddings.row(static_cast<Eigen::Index>(item)) << cosines[item],
          std::sqrt(1 - cosines[item] * cosines[item]);
    WorkerPool pool(1);
    const absl::StatusOr<double> ndcg = TowerValidation(dataset_, sequences, 1, pool).Ndcg(towers_);
    EXPECT_TRUE(ndcg.ok()) << ndcg.status();
    return ndcg.value_or(-1);
  }

  Dataset dataset_;
  TrainedTowers towers_;
};

TEST_F(TowerValidationTest, IsOneWhereTheItemThatFollowsIsTheFirstButForTheHistory) {
  EXPECT_DOUBLE_EQ(Ndcg(kLastIsValidation, {1, 0.9F, 0.5F}), 1);
}

TEST_F(TowerValidationTest, CountsTheSecondPlaceByItsDiscount) {
  EXPECT_DOUBLE_EQ(Ndcg(kLastIsValidation, {1, 0.5F, 0.9F}), 1 / std::log2(3));
}

TEST_F(TowerValidationTest, IsZeroWithoutAnythingToValidateOn) {
  EXPECT_EQ(Ndcg({{0, 2, 2, 2}}, {1, 0.9F, 0.5F}), 0);
  WorkerPool pool(1);
  EXPECT_TRUE(TowerValidation(dataset_, std::vector<UserSequence>{{0, 2, 2, 2}}, 1, pool).empty());
}

}  // namespace
}  // namespace shortlist
