#include "learning/towers/two_tower_trainer.h"

#include <gtest/gtest.h>

#include "learning/towers/tower_validation.h"
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

// With validation.
TowerResult Train(const Dataset& dataset, const std::vector<UserSequence>& sequences,
                  const TwoTowerOptions& options) {
  WorkerPool pool(2);
  const TowerValidation validation(dataset, sequences, 1, pool);
  auto result = TrainTwoTower(dataset, sequences, options, &validation, pool);
  EXPECT_TRUE(result.ok()) << result.status();
  return *std::move(result);
}

// On everything.
TowerResult TrainWithoutValidation(const TwoTowerOptions& options) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = WithoutHoldout(SplitPerUser(dataset, 0.1, 0.1));
  WorkerPool pool(1);
  return *TrainTwoTower(dataset, sequences, options, nullptr, pool);
}

TEST(TwoTowerTrainer, LearnsWhatIsThereToLearn) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  TwoTowerOptions options = SmallTowers();
  const TowerResult result = Train(dataset, sequences, options);
  EXPECT_LT(result.epochs.back().loss, 0.7 * result.epochs.front().loss);
  // Chance would be about 0.1 on a list of 20 of 120 items.
  EXPECT_GT(result.epochs[result.best_epoch - 1].validation_ndcg, 0.3);
}

TEST(TwoTowerTrainer, SampledCandidatesLearnToo) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  TwoTowerOptions options = SmallTowers();
  options.full_softmax_items = 0;
  options.uniform_negatives = 20;
  options.batch_size = 32;
  const TowerResult result = Train(dataset, sequences, options);
  EXPECT_GT(result.epochs[result.best_epoch - 1].validation_ndcg, 0.3);
}

TEST(TwoTowerTrainer, SameSeedAndThreadsGiveTheSameWeightsBitForBit) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  TwoTowerOptions options = SmallTowers();
  options.max_epochs = 2;
  const TowerResult first = Train(dataset, sequences, options);
  const TowerResult second = Train(dataset, sequences, options);
  const auto a = first.towers.user_tower.All();
  const auto b = second.towers.user_tower.All();
  for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(*a[i], *b[i]) << "matrix " << i;
  options.seed = 2;
  const TowerResult other = Train(dataset, sequences, options);
  EXPECT_NE(*other.towers.user_tower.All()[0], *a[0]);
}

TEST(TwoTowerTrainer, WithoutValidationItTrainsForExactlyTheEpochsAsked) {
  TwoTowerOptions options = SmallTowers();
  options.max_epochs = 5;
  const TowerResult result = TrainWithoutValidation(options);
  EXPECT_EQ(result.epochs.size(), 5);
  EXPECT_EQ(result.best_epoch, 5);
}

TEST(TwoTowerTrainer, SaysWhenTheDeadlineEndedTraining) {
  TwoTowerOptions options = SmallTowers();
  options.batch_size = 16;
  options.max_epochs = 2;
  EXPECT_FALSE(TrainWithoutValidation(options).cut_short);
  options.deadline = absl::InfinitePast();
  const TowerResult result = TrainWithoutValidation(options);
  EXPECT_TRUE(result.cut_short);
  EXPECT_EQ(result.epochs_begun, 1);
}

TEST(TwoTowerTrainer, ColdItemsHaveTheVectorOfTheirAttributesAndColdUsersNone) {
  // One more item, like item 0 but for its interactions, and one more user.
  Dataset dataset = MakeSyntheticDataset();
  const auto sequences = [&] {
    auto split = SplitPerUser(dataset, 0.1, 0.1);
    split.push_back({dataset.interactions.size(), dataset.interactions.size(),
                     dataset.interactions.size(), dataset.interactions.size()});
    return split;
  }();
  CatalogData& items = dataset.items;
  const auto cold = static_cast<Eigen::Index>(items.ids.size());
  items.ids.emplace_back("cold");
  items.titles.emplace_back("Cold");
  items.numbers[0].push_back(items.numbers[0][0]);
  items.codes.insert(items.codes.end(), {items.codes[0], items.codes[1]});
  items.code_offsets.push_back(items.codes.size());
  items.interaction_counts.push_back(0);
  dataset.user_ids.emplace_back("stranger");
  dataset.user_attributes.offsets.push_back(dataset.user_attributes.codes.size());

  TwoTowerOptions options = SmallTowers();
  options.max_epochs = 2;
  const TrainedTowers trained = Train(dataset, sequences, options).towers;
  const Matrix expected = (trained.user_tower.item_code.row(items.codes[0]) +
                           trained.user_tower.item_code.row(items.codes[1]))
                              .normalized();
  EXPECT_LT((trained.item_embeddings.row(cold) - expected).norm(), 1e-5);
  EXPECT_EQ(trained.user_tower.user_id.bottomRows(1).norm(), 0);
  EXPECT_GT(trained.user_tower.user_id.row(0).norm(), 0);
}

}  // namespace
}  // namespace shortlist
