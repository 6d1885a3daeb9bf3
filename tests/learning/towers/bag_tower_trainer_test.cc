#include "learning/towers/bag_tower_trainer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "learning/items/interaction_matrix.h"
#include "learning/towers/tower_validation.h"
#include "retrieval/two_tower.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using Eigen::Index;

BagTowerOptions Small() {
  BagTowerOptions options;
  options.dim = 16;
  options.batch_size = 32;
  options.learning_rate = 0.03F;
  options.schedule_epochs = options.epochs = 15;
  return options;
}

class BagTowerTrainerTest : public testing::Test {
 protected:
  TrainedTowers Train(const BagTowerOptions& options) {
    return TrainBagTowers(dataset_, sequences_, options, nullptr, pool_)->towers;
  }
  double Ndcg(const TrainedTowers& towers) {
    return *TowerValidation(dataset_, sequences_, 1, pool_).Ndcg(towers);
  }

  Dataset dataset_ = MakeSyntheticDataset();
  std::vector<UserSequence> sequences_ = SplitPerUser(dataset_, 0.1, 0.1);
  WorkerPool pool_{2};
};

TEST_F(BagTowerTrainerTest, LearnsWhatIsThereToLearn) {
  BagTowerOptions untrained = Small();
  untrained.schedule_epochs = 1;
  untrained.learning_rate = 0;
  // Random vectors, propagated, are a recommender already: neighbours in the graph are alike.
  EXPECT_GT(Ndcg(Train(Small())), 1.2 * Ndcg(Train(untrained)));
}

TEST_F(BagTowerTrainerTest, SameSeedAndThreadsGiveTheSameTowersBitForBit) {
  BagTowerOptions options = Small();
  options.epochs = 2;
  const TrainedTowers first = Train(options);
  const TrainedTowers second = Train(options);
  EXPECT_EQ(first.item_embeddings, second.item_embeddings);
  EXPECT_EQ(first.history, second.history);
  EXPECT_EQ(first.user_tower.user_id, second.user_tower.user_id);
}

// What is served is the propagation: with no learning at all, one hop, and the formula by hand.
TEST_F(BagTowerTrainerTest, ServedUserVectorIsThePropagatedOne) {
  BagTowerOptions options = Small();
  options.learning_rate = 0;
  options.epochs = 1;
  options.hops = 1;
  options.hop_weight = 0.7F;
  options.degree_exponent = 0.5F;
  const TrainedTowers towers = Train(options);
  const TwoTowerParameters start = InitialTwoTowerParameters(
      {.dim = options.dim, .hidden = 0, .max_history = 0}, dataset_, options.seed);
  const InteractionMatrix items_of = ItemsOfUsers(dataset_, sequences_);
  const InteractionMatrix users_of = Transposed(items_of, dataset_.items.ids.size());
  const uint32_t user = 5;
  const auto user_codes = dataset_.user_attributes.codes[dataset_.user_attributes.offsets[user]];
  Eigen::RowVectorXf expected = 5 * (start.user_id.row(user) + start.user_code.row(user_codes));
  EncodedUser state{.user = user, .attribute_codes = {user_codes}, .history = {}};
  for (ItemRow item : items_of[user]) {
    Eigen::RowVectorXf base = start.item_id.row(item);
    for (uint64_t c = dataset_.items.code_offsets[item]; c < dataset_.items.code_offsets[item + 1];
         ++c)
      base += start.item_code.row(dataset_.items.codes[c]) / 2;
    expected +=
        0.7F * base / std::sqrt(static_cast<float>(items_of[user].size() * users_of[item].size()));
    state.history.push_back({item, 0, 0});
  }
  expected.normalize();
  const TemporaryFolder folder;
  ASSERT_TRUE(WriteTwoTower(towers, dataset_, folder.path() / "towers.arr").ok());
  const auto served = TwoTower::Open(folder.path() / "towers.arr",
                                     static_cast<uint32_t>(dataset_.items.ids.size()));
  ASSERT_TRUE(served.ok()) << served.status();
  const std::vector<float> vector = served->UserVector(state, {});
  for (Index d = 0; d < expected.size(); ++d)
    EXPECT_NEAR(vector[static_cast<size_t>(d)], expected[d], 1e-5);
}

TEST_F(BagTowerTrainerTest, ColdItemsHaveTheVectorOfTheirAttributesAndColdUsersNone) {
  CatalogData& items = dataset_.items;
  const auto cold = static_cast<Index>(items.ids.size());
  items.ids.emplace_back("cold");
  items.codes.insert(items.codes.end(), {items.codes[0], items.codes[1]});
  items.code_offsets.push_back(items.codes.size());
  dataset_.user_ids.emplace_back("stranger");
  dataset_.user_attributes.offsets.push_back(dataset_.user_attributes.codes.size());
  const size_t end = dataset_.interactions.size();
  sequences_.push_back({end, end, end, end});
  BagTowerOptions options = Small();
  options.epochs = 2;
  const TrainedTowers towers = Train(options);
  EXPECT_EQ(towers.user_tower.user_id.bottomRows(1).norm(), 0);
  EXPECT_GT(towers.user_tower.user_id.row(0).norm(), 0);
  // Items of the same genre and period are nearer than the others, on average.
  double same = 0, others = 0;
  size_t same_count = 0, other_count = 0;
  for (Index item = 0; item < cold; ++item) {
    const double cosine = towers.item_embeddings.row(cold).dot(towers.item_embeddings.row(item));
    const auto i = static_cast<size_t>(item);
    const bool alike =
        items.codes[2 * i] == items.codes[0] && items.codes[2 * i + 1] == items.codes[1];
    (alike ? same : others) += cosine;
    ++(alike ? same_count : other_count);
  }
  EXPECT_GT(same / static_cast<double>(same_count), others / static_cast<double>(other_count));
}

TEST_F(BagTowerTrainerTest, ValidatesNowAndThenAndKeepsTheBest) {
  const TowerValidation validation(dataset_, sequences_, 1, pool_);
  BagTowerOptions options = Small();
  options.schedule_epochs = options.epochs = 5;
  const auto result = TrainBagTowers(dataset_, sequences_, options, &validation, pool_);
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->epochs.size(), 3);  // After 2, 4 and the last.
  double best = 0;
  for (const TowerEpoch& epoch : result->epochs) best = std::max(best, epoch.validation_ndcg);
  EXPECT_FALSE(result->cut_short);
  EXPECT_EQ(result->validation_ndcg, best);
  EXPECT_EQ(Ndcg(result->towers), best);
}

TEST_F(BagTowerTrainerTest, ShortensTheScheduleToEndByTheDeadline) {
  BagTowerOptions options = Small();
  options.deadline = absl::InfinitePast();
  const auto result = TrainBagTowers(dataset_, sequences_, options, nullptr, pool_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->cut_short);
  EXPECT_EQ(result->schedule_epochs, 1);
  EXPECT_EQ(result->best_epoch, 1);
}

}  // namespace
}  // namespace shortlist
