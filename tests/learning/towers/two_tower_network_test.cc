#include "learning/towers/two_tower_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "common/parallel.h"
#include "data/user_sequences.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

constexpr float kNetworkTemperature = 0.2F;

class TwoTowerNetworkTest : public testing::Test {
 protected:
  TwoTowerNetworkTest()
      : dataset_(MakeSyntheticDataset()),
        sequences_(SplitPerUser(dataset_, 0.1, 0.1)),
        parameters_(InitialTwoTowerParameters(shape_, dataset_, 3)) {
    // Weights that start at zero would hide their gradients' mistakes.
    std::mt19937_64 random(5);
    std::normal_distribution<float> normal(0, 0.2F);
    for (Matrix* matrix : parameters_.All())
      for (float& x : matrix->reshaped()) x += normal(random);
    for (const DatasetInteraction& interaction : dataset_.interactions)
      items_.push_back(interaction.item);
  }

  // Examples with and without user, history and codes; candidates that are not the whole catalog.
  TowerBatch MakeBatch() const {
    TowerBatch batch;
    for (ItemRow item = 0; item < 40; ++item) {
      batch.candidates.push_back(item * 2 + 1);
      batch.log_q.push_back(-0.1F * static_cast<float>(item % 7));
    }
    for (uint32_t user = 0; user < 12; ++user) {
      const UserSequence& sequence = sequences_[user];
      const size_t length = user % 8;  // Longer than max_history, too.
      batch.examples.push_back(
          {.user = user % 3 == 0 ? kNoUser : user / 2,
           .history = {items_.data() + sequence.begin, length},
           .user_codes = CodesOf(dataset_.user_attributes, user),
           .context_codes = CodesOf(dataset_.context_attributes, sequence.begin + length),
           .target = user * 3});
    }
    return batch;
  }

  double Loss(const TowerBatch& batch, const TowerDropout& dropout) {
    TwoTowerParameters ignored = ZeroTwoTowerParameters(shape_, dataset_);
    return network_.LossAndGradients(parameters_, batch, kNetworkTemperature, dropout, ignored);
  }

  // The derivative of the loss along a random direction of each weight matrix, by the gradient and
  // by central differences.
  void ExpectGradientsMatchFiniteDifferences(const TowerDropout& dropout) {
    const TowerBatch batch = MakeBatch();
    TwoTowerParameters gradients = ZeroTwoTowerParameters(shape_, dataset_);
    network_.LossAndGradients(parameters_, batch, kNetworkTemperature, dropout, gradients);
    std::mt19937_64 random(11);
    std::normal_distribution<float> normal;
    const std::vector<Matrix*> weights = parameters_.All();
    const std::vector<Matrix*> derivatives = gradients.All();
    for (size_t m = 0; m < weights.size(); ++m) {
      for (int repeat = 0; repeat < 3; ++repeat) {
        Matrix direction(weights[m]->rows(), weights[m]->cols());
        for (float& x : direction.reshaped()) x = normal(random);
        direction /= direction.norm();
        const float step = 4e-3F;
        const Matrix before = *weights[m];
        *weights[m] = before + step * direction;
        const double above = Loss(batch, dropout);
        *weights[m] = before - step * direction;
        const double below = Loss(batch, dropout);
        *weights[m] = before;
        const double numeric = (above - below) / (2 * step);
        const double analytic = derivatives[m]->cwiseProduct(direction).sum();
        EXPECT_NEAR(analytic, numeric, 0.02 * std::abs(numeric) + 3e-4) << "matrix " << m;
      }
    }
  }

  const TwoTowerShape shape_{.dim = 8, .hidden = 12, .max_history = 5};
  const Dataset dataset_;
  const std::vector<UserSequence> sequences_;
  TwoTowerParameters parameters_;
  std::vector<ItemRow> items_;
  WorkerPool pool_{2};
  TwoTowerNetwork network_{shape_, dataset_, pool_};
};

TEST_F(TwoTowerNetworkTest, GradientsMatchFiniteDifferences) {
  ExpectGradientsMatchFiniteDifferences({});
}

TEST_F(TwoTowerNetworkTest, GradientsMatchFiniteDifferencesUnderDropout) {
  ExpectGradientsMatchFiniteDifferences({.input = 0.3F, .item_id = 0.4F, .seed = 9});
}

TEST_F(TwoTowerNetworkTest, LossIsTheCorrectedSoftmaxComputedByHand) {
  TowerBatch batch = MakeBatch();
  batch.examples.resize(1);
  const Matrix embeddings = ItemEmbeddings(parameters_, dataset_);
  const Matrix user = network_.UserVectors(parameters_, embeddings, batch.examples);
  double total = 0;
  double target = 0;
  for (size_t c = 0; c < batch.candidates.size(); ++c) {
    const double logit =
        user.row(0).dot(embeddings.row(batch.candidates[c])) / kNetworkTemperature - batch.log_q[c];
    total += std::exp(logit);
    if (c == batch.examples[0].target) target = logit;
  }
  EXPECT_NEAR(Loss(batch, {}), std::log(total) - target, 1e-4);
}

TEST_F(TwoTowerNetworkTest, TouchesOnlyItemsAndUsersOfTheBatch) {
  const TowerBatch batch = MakeBatch();
  TwoTowerParameters gradients = ZeroTwoTowerParameters(shape_, dataset_);
  network_.LossAndGradients(parameters_, batch, kNetworkTemperature, {}, gradients);
  for (ItemRow item = 0; item < dataset_.items.ids.size(); ++item) {
    const auto touched = network_.touched_items();
    const bool is_touched = std::find(touched.begin(), touched.end(), item) != touched.end();
    EXPECT_EQ(gradients.item_id.row(item).norm() > 0, is_touched) << item;
  }
  EXPECT_THAT(network_.touched_users(), testing::ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST_F(TwoTowerNetworkTest, ServedUserTowerEqualsTheTrainedOne) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "towers.arr";
  const Matrix embeddings = ItemEmbeddings(parameters_, dataset_);
  ASSERT_TRUE(WriteTwoTower({.shape = shape_,
                             .item_embeddings = embeddings,
                             .user_tower = parameters_,
                             .history = {}},
                            dataset_, path)
                  .ok());
  const auto towers = TwoTower::Open(path, static_cast<uint32_t>(dataset_.items.ids.size()));
  ASSERT_TRUE(towers.ok()) << towers.status();

  const TowerBatch batch = MakeBatch();
  const Matrix vectors = network_.UserVectors(parameters_, embeddings, batch.examples);
  for (size_t i = 0; i < batch.examples.size(); ++i) {
    const TowerExample& example = batch.examples[i];
    EncodedUser user{.user = example.user,
                     .attribute_codes = {example.user_codes.begin(), example.user_codes.end()},
                     .history = {}};
    for (ItemRow item : example.history) user.history.push_back({item, 0, 0});
    const EncodedContext context{
        .time_ms = 0,
        .attribute_codes = {example.context_codes.begin(), example.context_codes.end()}};
    const std::vector<float> served = towers->UserVector(user, context);
    for (uint32_t d = 0; d < shape_.dim; ++d)
      EXPECT_NEAR(served[d], vectors(static_cast<Eigen::Index>(i), d), 1e-5);
  }
}

}  // namespace
}  // namespace shortlist
