#include "learning/items/item_regression.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>

namespace shortlist {
namespace {

constexpr uint32_t kItems = 12;

// Sequences of 2 to 9 different items; of each the last one, always item 0, is held out.
Dataset RandomDataset(std::vector<UserSequence>& sequences) {
  Dataset dataset;
  std::mt19937_64 random(5);
  for (uint32_t item = 0; item < kItems; ++item) dataset.items.ids.push_back(std::to_string(item));
  for (uint32_t user = 0; user < 40; ++user) {
    dataset.user_ids.push_back(std::to_string(user));
    std::vector<ItemRow> items;
    for (ItemRow item = 1; item < kItems; ++item) items.push_back(item);
    std::shuffle(items.begin(), items.end(), random);
    items.resize(2 + random() % 8);
    UserSequence sequence;
    sequence.begin = dataset.interactions.size();
    for (ItemRow item : items)
      dataset.interactions.push_back({.user = user, .item = item, .time_ms = 0, .value = 0});
    sequence.train_end = dataset.interactions.size();
    dataset.interactions.push_back({.user = user, .item = 0, .time_ms = 0, .value = 0});
    sequence.valid_end = sequence.end = dataset.interactions.size();
    sequences.push_back(sequence);
  }
  return dataset;
}

// The weights as their definition says.
Eigen::MatrixXd Exact(const Dataset& dataset, std::span<const UserSequence> sequences,
                      const ItemRegressionOptions& options) {
  Eigen::MatrixXd square = options.l2 * Eigen::MatrixXd::Identity(kItems, kItems);
  Eigen::MatrixXd cross = Eigen::MatrixXd::Zero(kItems, kItems);
  for (const UserSequence& sequence : sequences) {
    const size_t length = sequence.train_end - sequence.begin;
    const double weight = std::pow(length, -options.length_exponent);
    auto item = [&](size_t i) { return dataset.interactions[sequence.begin + i].item; };
    for (size_t t = options.in_order ? 1 : 0; t < (options.in_order ? length : 1); ++t) {
      Eigen::RowVectorXd x = Eigen::RowVectorXd::Zero(kItems), y = x;
      for (size_t i = 0; i < length; ++i) {
        if (!options.in_order) {
          x[item(i)] += 1;
          y[item(i)] += 1;
        } else if (i < t) {
          x[item(i)] += std::pow(options.decay, t - 1 - i);
        } else {
          y[item(i)] += std::pow(options.next_decay, i - t);
        }
      }
      square += weight * x.transpose() * x;
      cross += weight * x.transpose() * y;
    }
  }
  return square.inverse() * cross;
}

Eigen::MatrixXd WeightsOf(const ItemFactorsData& data) {
  Eigen::MatrixXd weights = Eigen::MatrixXd::Zero(kItems, kItems);
  for (uint32_t i = 0; i < kItems; ++i)
    for (uint32_t j = 0; j < kItems; ++j)
      for (size_t d = 0; d < data.dim; ++d)
        weights(i, j) += double{data.from[i * data.dim + d]} * data.to[j * data.dim + d];
  return weights;
}

TEST(ItemRegressionTest, WithAsManyDimensionsAsItemsTheWeightsAreTheClosedForm) {
  std::vector<UserSequence> sequences;
  const Dataset dataset = RandomDataset(sequences);
  WorkerPool pool(2);
  for (const ItemRegressionOptions& options :
       {ItemRegressionOptions{.dim = 64, .l2 = 3, .length_exponent = 0},
        ItemRegressionOptions{.dim = 64, .l2 = 1, .length_exponent = 0.5F},
        ItemRegressionOptions{.in_order = true,
        .dim = 64,
        .l2 = 1,
        .length_exponent = 0.7F,
        .decay = 0.8F,
        .next_decay = 0.7F}}) {
    const Eigen::MatrixXd exact = Exact(dataset, sequences, options);
    const ItemFactorsData data = FitItemRegression(dataset, sequences, options, 1, pool);
    EXPECT_EQ(data.dim, kItems);
    EXPECT_LT((WeightsOf(data) - exact).norm(), 0.005 * exact.norm());
  }
}

TEST(ItemRegressionTest, FewerDimensionsKeepTheLargestDirections) {
  std::vector<UserSequence> sequences;
  const Dataset dataset = RandomDataset(sequences);
  WorkerPool pool(2);
  const ItemRegressionOptions options{
      .in_order = true, .dim = 6, .l2 = 3, .decay = 0.8F, .next_decay = 0.7F};
  const Eigen::MatrixXd exact = Exact(dataset, sequences, options);
  const Eigen::VectorXd singular = exact.jacobiSvd().singularValues();
  // No matrix of this rank is nearer than what the singular values left out come to.
  const double least = singular.tail(kItems - 6).norm();
  const ItemFactorsData data = FitItemRegression(dataset, sequences, options, 1, pool);
  EXPECT_LT((WeightsOf(data) - exact).norm(), 1.2 * least);
}

TEST(ItemRegressionTest, WeightsAreTheSameWhateverTheThreads) {
  std::vector<UserSequence> sequences;
  const Dataset dataset = RandomDataset(sequences);
  WorkerPool one(1), three(3);
  const ItemFactorsData a = FitItemRegression(dataset, sequences, NextRegression(), 1, one);
  const ItemFactorsData b = FitItemRegression(dataset, sequences, NextRegression(), 1, three);
  EXPECT_EQ(a.from, b.from);
  EXPECT_EQ(a.to, b.to);
}

TEST(ItemRegressionTest, HeldOutInteractionsAreNotSeen) {
  std::vector<UserSequence> sequences;
  Dataset dataset = RandomDataset(sequences);
  WorkerPool pool(2);
  const ItemFactorsData before = FitItemRegression(dataset, sequences, NextRegression(), 1, pool);
  for (const UserSequence& sequence : sequences) dataset.interactions[sequence.train_end].item = 7;
  const ItemFactorsData after = FitItemRegression(dataset, sequences, NextRegression(), 1, pool);
  EXPECT_EQ(before.from, after.from);
  EXPECT_EQ(before.to, after.to);
}

TEST(ItemRegressionTest, OlderItemsCountLess) {
  const std::vector<float> weights = WeightsByAge({.decay = 0.5F, .history = 3});
  EXPECT_EQ(weights, (std::vector<float>{1, 0.5F, 0.25F}));
}

}  // namespace
}  // namespace shortlist
