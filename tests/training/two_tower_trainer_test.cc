#include "training/two_tower_trainer.h"

#include <gtest/gtest.h>

#include "tests/support/synthetic_dataset.h"

namespace shortlist {
namespace {

TwoTowerOptions SmallTowers() {
  TwoTowerOptions options;
  options.shape = {.dim = 16, .hidden = 16, .max_history = 10};
  options.learning_rate = 5e-3F;
  options.max_epochs = 8;
  return options;
}

TEST(TwoTowerTrainer, LearnsWhatIsThereToLearn) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  WorkerPool pool(2);
  const TwoTowerResult result = TrainTwoTower(dataset, sequences, SmallTowers(), pool);
  EXPECT_LT(result.epochs.back().loss, 0.7 * result.epochs.front().loss);
  // Chance would be about 0.25 on a list of 50 of 120 items.
  EXPECT_GT(result.epochs[result.best_epoch - 1].validation_ndcg, 0.5);
}

TEST(TwoTowerTrainer, SampledCandidatesLearnToo) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  WorkerPool pool(2);
  TwoTowerOptions options = SmallTowers();
  options.full_softmax_items = 0;
  options.uniform_negatives = 20;
  options.batch_size = 32;
  const TwoTowerResult result = TrainTwoTower(dataset, sequences, options, pool);
  EXPECT_GT(result.epochs[result.best_epoch - 1].validation_ndcg, 0.5);
}

TEST(TwoTowerTrainer, SameSeedAndThreadsGiveTheSameWeightsBitForBit) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  WorkerPool pool(2);
  TwoTowerOptions options = SmallTowers();
  options.max_epochs = 2;
  const TwoTowerResult first = TrainTwoTower(dataset, sequences, options, pool);
  const TwoTowerResult second = TrainTwoTower(dataset, sequences, options, pool);
  const auto a = first.parameters.All();
  const auto b = second.parameters.All();
  for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(*a[i], *b[i]) << "matrix " << i;
  options.seed = 2;
  const TwoTowerResult other = TrainTwoTower(dataset, sequences, options, pool);
  EXPECT_NE(*other.parameters.All()[0], *a[0]);
}

TEST(TwoTowerTrainer, WithoutValidationItTrainsForExactlyTheEpochsAsked) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = WithoutHoldout(SplitPerUser(dataset, 0.1, 0.1));
  WorkerPool pool(1);
  TwoTowerOptions options = SmallTowers();
  options.validate = false;
  options.max_epochs = 5;
  const TwoTowerResult result = TrainTwoTower(dataset, sequences, options, pool);
  EXPECT_EQ(result.epochs.size(), 5);
  EXPECT_EQ(result.best_epoch, 5);
}

}  // namespace
}  // namespace shortlist
