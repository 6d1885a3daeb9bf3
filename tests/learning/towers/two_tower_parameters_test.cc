#include "learning/towers/two_tower_parameters.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

const TwoTowerShape kShape = {.dim = 4, .hidden = 3, .max_history = 5};

TEST(TwoTowerParameters, AreSizedForTheDataset) {
  const Dataset dataset =
      MakeSyntheticDataset({.users = 7, .items = 11, .interactions_per_user = 2});
  const TwoTowerParameters zero = ZeroTwoTowerParameters(kShape, dataset);
  EXPECT_EQ(zero.All().size(), 12u);
  for (const Matrix* matrix : zero.All()) EXPECT_EQ(matrix->norm(), 0);
  EXPECT_EQ(zero.item_id.rows(), 11);
  EXPECT_EQ(zero.item_id.cols(), 4);
  EXPECT_EQ(zero.item_code.rows(), 4 + 2);  // Genres and buckets of years.
  EXPECT_EQ(zero.user_id.rows(), 7);
  EXPECT_EQ(zero.user_code.rows(), 2);
  EXPECT_EQ(zero.w1.rows(), 3);
  EXPECT_EQ(zero.w1.cols(), 16);
}

TEST(TwoTowerParameters, StartTheSameFromTheSameSeed) {
  const Dataset dataset =
      MakeSyntheticDataset({.users = 7, .items = 11, .interactions_per_user = 2});
  const TwoTowerParameters a = InitialTwoTowerParameters(kShape, dataset, 1);
  EXPECT_EQ(a.item_id, InitialTwoTowerParameters(kShape, dataset, 1).item_id);
  EXPECT_NE(a.item_id, InitialTwoTowerParameters(kShape, dataset, 2).item_id);
  // The user tower begins as the sum of its four inputs.
  for (Eigen::Index block = 0; block < 4; ++block)
    EXPECT_EQ(Matrix(a.wr.middleCols(4 * block, 4)), Matrix(Matrix::Identity(4, 4)));
}

// Item 0 has codes 0 and 1, item 1 none, item 2 neither codes nor an embedding.
TEST(ItemEmbeddings, AreTheIdPlusTheMeanOfTheCodesAtLengthOne) {
  Dataset dataset;
  dataset.items.ids = {"a", "b", "c"};
  dataset.items.code_offsets = {0, 2, 2, 2};
  dataset.items.codes = {0, 1};
  TwoTowerParameters parameters;
  parameters.item_id = Matrix::Zero(3, 2);
  parameters.item_id.row(0) << 1, 0;
  parameters.item_id.row(1) << 0, -5;
  parameters.item_code = Matrix::Zero(2, 2);
  parameters.item_code.row(0) << 4, 2;
  parameters.item_code.row(1) << 0, 6;
  const Matrix embeddings = ItemEmbeddings(parameters, dataset);
  EXPECT_FLOAT_EQ(embeddings(0, 0), 0.6F);  // (1, 0) + (2, 4) = (3, 4).
  EXPECT_FLOAT_EQ(embeddings(0, 1), 0.8F);
  EXPECT_FLOAT_EQ(embeddings(1, 0), 0);
  EXPECT_FLOAT_EQ(embeddings(1, 1), -1);
  EXPECT_FLOAT_EQ(embeddings.row(2).norm(), 1);  // Any direction.
}

TEST(WriteTwoTower, WritesWhatTheServedTowersRead) {
  const Dataset dataset =
      MakeSyntheticDataset({.users = 7, .items = 11, .interactions_per_user = 2});
  TrainedTowers towers{.shape = kShape,
                       .item_embeddings = {},
                       .user_tower = InitialTwoTowerParameters(kShape, dataset, 1),
                       .history = {}};
  towers.item_embeddings = ItemEmbeddings(towers.user_tower, dataset);
  const TemporaryFolder folder;
  ASSERT_TRUE(WriteTwoTower(towers, dataset, folder / "towers.arr").ok());
  const auto served = TwoTower::Open(folder / "towers.arr", 11);
  ASSERT_TRUE(served.ok()) << served.status();
  EXPECT_EQ(served->dim(), 4u);
  for (ItemRow item = 0; item < 11; ++item)
    for (size_t d = 0; d < 4; ++d)
      EXPECT_EQ(served->item_embedding(item)[d], towers.item_embeddings(item, d));
}

}  // namespace
}  // namespace shortlist
