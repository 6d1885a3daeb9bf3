#include "retrieval/two_tower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "learning/towers/two_tower_parameters.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

class TwoTowerTest : public testing::Test {
 protected:
  absl::StatusOr<TwoTower> WriteAndOpen() {
    const TrainedTowers towers{.shape = shape_,
                               .item_embeddings = ItemEmbeddings(parameters_, dataset_),
                               .user_tower = parameters_,
                               .history = history_};
    if (absl::Status status = WriteTwoTower(towers, dataset_, path_); !status.ok()) return status;
    return TwoTower::Open(path_, static_cast<uint32_t>(dataset_.items.ids.size()));
  }

  const TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "towers.arr";
  // From here on towers are of the other kind.
  void MakeBag() {
    shape_ = {
        .kind = TowerKind::kBag, .dim = 8, .hidden = 0, .max_history = 3, .degree_exponent = 0.5F};
    history_ = Matrix::Random(static_cast<Eigen::Index>(dataset_.items.ids.size()), 8);
  }

  TwoTowerShape shape_{.dim = 8, .hidden = 4, .max_history = 3};
  const Dataset dataset_ = MakeSyntheticDataset();
  TwoTowerParameters parameters_ = InitialTwoTowerParameters(shape_, dataset_, 1);
  Matrix history_;
};

TEST_F(TwoTowerTest, UserVectorsHaveLengthOneWhateverIsKnown) {
  const auto towers = WriteAndOpen();
  ASSERT_TRUE(towers.ok()) << towers.status();
  const EncodedUser known{.user = 3, .attribute_codes = {1}, .history = {{1, 0, 0}, {2, 0, 0}}};
  for (const EncodedUser& user : {EncodedUser{}, known}) {
    const std::vector<float> vector = towers->UserVector(user, {});
    ASSERT_EQ(vector.size(), 8);
    EXPECT_NEAR(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0), 1, 1e-5);
  }
}

TEST_F(TwoTowerTest, OnlyTheLastItemsOfALongHistoryCount) {
  const auto towers = WriteAndOpen();
  ASSERT_TRUE(towers.ok()) << towers.status();
  EncodedUser user{.history = {{9, 0, 0}, {4, 0, 0}, {5, 0, 0}, {6, 0, 0}}};
  const std::vector<float> vector = towers->UserVector(user, {});
  user.history.erase(user.history.begin());
  EXPECT_EQ(towers->UserVector(user, {}), vector);
  user.history.erase(user.history.begin());
  EXPECT_NE(towers->UserVector(user, {}), vector);
}

TEST_F(TwoTowerTest, BagIsTheSumOfUserAttributesAndHistoryByHand) {
  MakeBag();
  const auto towers = WriteAndOpen();
  ASSERT_TRUE(towers.ok()) << towers.status();
  const EncodedUser user{.user = 3, .attribute_codes = {1}, .history = {{4, 0, 0}, {7, 0, 0}}};
  const Eigen::RowVectorXf expected = (parameters_.user_id.row(3) + parameters_.user_code.row(1) +
                                       (history_.row(4) + history_.row(7)) / std::sqrt(2.0F))
                                          .normalized();
  const std::vector<float> vector = towers->UserVector(user, {});
  for (Eigen::Index d = 0; d < 8; ++d)
    EXPECT_NEAR(vector[static_cast<size_t>(d)], expected[d], 1e-5);
}

TEST_F(TwoTowerTest, BagDependsNeitherOnOrderNorOnRepetition) {
  MakeBag();
  const auto towers = WriteAndOpen();
  ASSERT_TRUE(towers.ok()) << towers.status();
  const EncodedUser user{.history = {{4, 0, 0}, {7, 0, 0}}};
  const EncodedUser same{.history = {{7, 0, 0}, {4, 0, 0}, {7, 0, 0}}};
  EXPECT_EQ(towers->UserVector(user, {}), towers->UserVector(same, {}));
  // Nothing known at all: what was learned for that.
  const std::vector<float> nothing = towers->UserVector(EncodedUser{}, {});
  const Eigen::RowVectorXf expected = parameters_.empty.row(0).normalized();
  for (Eigen::Index d = 0; d < 8; ++d)
    EXPECT_NEAR(nothing[static_cast<size_t>(d)], expected[d], 1e-5);
}

TEST_F(TwoTowerTest, AnItemWithoutAnIdEmbeddingHasTheVectorOfItsAttributes) {
  // Items 4 and 84 are of one genre and period: without id embeddings they coincide.
  parameters_.item_id.row(4).setZero();
  parameters_.item_id.row(84).setZero();
  const Matrix embeddings = ItemEmbeddings(parameters_, dataset_);
  ASSERT_EQ(dataset_.items.codes[8], dataset_.items.codes[168]);
  ASSERT_EQ(dataset_.items.codes[9], dataset_.items.codes[169]);
  EXPECT_LT((embeddings.row(4) - embeddings.row(84)).norm(), 1e-6);
  EXPECT_NEAR(embeddings.row(4).norm(), 1, 1e-5);
}

TEST_F(TwoTowerTest, WeightsThatAreNotFiniteAreRefusedByName) {
  parameters_.w1(2, 3) = NAN;
  const auto towers = WriteAndOpen();
  EXPECT_EQ(towers.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(towers.status().message()),
              testing::AllOf(testing::HasSubstr("towers.arr"), testing::HasSubstr("w1")));
}

TEST_F(TwoTowerTest, AnotherNumberOfItemsIsRefused) {
  ASSERT_TRUE(WriteAndOpen().ok());
  const auto towers = TwoTower::Open(path_, 7);
  EXPECT_EQ(towers.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(towers.status().message()), testing::HasSubstr("item_embeddings"));
}

}  // namespace
}  // namespace shortlist
