#include "retrieval/two_tower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "training/two_tower_parameters.h"

namespace shortlist {
namespace {

class TwoTowerTest : public testing::Test {
 protected:
  absl::StatusOr<TwoTower> WriteAndOpen() {
    if (absl::Status status = WriteTwoTower(shape_, parameters_, dataset_, path_); !status.ok())
      return status;
    return TwoTower::Open(path_, static_cast<uint32_t>(dataset_.items.ids.size()));
  }

  const TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "towers.arr";
  const TwoTowerShape shape_{.dim = 8, .hidden = 4, .max_history = 3};
  const Dataset dataset_ = MakeSyntheticDataset();
  TwoTowerParameters parameters_ = InitialTwoTowerParameters(shape_, dataset_, 1);
};

TEST_F(TwoTowerTest, UserVectorsHaveLengthOneWhateverIsKnown) {
  const auto towers = WriteAndOpen();
  ASSERT_TRUE(towers.ok()) << towers.status();
  const UserState known{.user = 3, .attribute_codes = {1}, .history = {{1, 0, 0}, {2, 0, 0}}};
  for (const UserState& user : {UserState{}, known}) {
    const std::vector<float> vector = towers->UserVector(user, {});
    ASSERT_EQ(vector.size(), 8);
    EXPECT_NEAR(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0), 1, 1e-5);
  }
}

TEST_F(TwoTowerTest, OnlyTheLastItemsOfALongHistoryCount) {
  const auto towers = WriteAndOpen();
  ASSERT_TRUE(towers.ok()) << towers.status();
  UserState user{.history = {{9, 0, 0}, {4, 0, 0}, {5, 0, 0}, {6, 0, 0}}};
  const std::vector<float> vector = towers->UserVector(user, {});
  user.history.erase(user.history.begin());
  EXPECT_EQ(towers->UserVector(user, {}), vector);
  user.history.erase(user.history.begin());
  EXPECT_NE(towers->UserVector(user, {}), vector);
}

TEST_F(TwoTowerTest, KnowsTheUsersItWasTrainedWith) {
  const auto towers = WriteAndOpen();
  ASSERT_TRUE(towers.ok()) << towers.status();
  EXPECT_EQ(towers->FindUser("u7"), 7);
  EXPECT_EQ(towers->FindUser("stranger"), std::nullopt);
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
