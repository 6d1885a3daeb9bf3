#include "learning/items/content_projection_trainer.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>
#include <vector>

#include "data/attribute_codes.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

constexpr size_t kDim = 3;

// Items with a genre of four and a tag of three; rows that follow from these.
struct TestItems {
  CatalogData items;
  std::vector<std::vector<float>> rows;

  explicit TestItems(uint32_t count) {
    items.schema = {{.name = "genre", .values = {"a", "b", "c", "d"}, .bucket_edges = {}},
                    {.name = "tag", .values = {"x", "y", "z"}, .bucket_edges = {}}};
    items.code_offsets = {0};
    std::mt19937_64 random(3);
    std::normal_distribution<float> normal;
    std::vector<std::vector<float>> effects(7, std::vector<float>(kDim));
    for (auto& effect : effects)
      for (float& x : effect) x = normal(random);
    for (uint32_t i = 0; i < count; ++i) {
      items.ids.push_back(std::to_string(i));
      const uint32_t genre = static_cast<uint32_t>(random() % 4);
      const uint32_t tag = static_cast<uint32_t>(random() % 3);
      items.codes.insert(items.codes.end(), {genre, 4 + tag});
      items.code_offsets.push_back(items.codes.size());
      items.interaction_counts.push_back(static_cast<uint32_t>(random() % 5));
      std::vector<float>& row = rows.emplace_back(kDim);
      for (size_t d = 0; d < kDim; ++d) row[d] = 1 + effects[genre][d] + effects[4 + tag][d];
    }
  }

  ContentTargets Targets() const {
    ContentTargets targets;
    auto read = [this](ItemRow item, std::span<float> row) {
      std::ranges::copy(rows[item], row.begin());
    };
    targets[0] = {kDim, read};
    targets[5] = {kDim, read};
    return targets;
  }
};

ContentProjection Opened(const ContentProjectionData& data, const TestItems& items) {
  const TemporaryFolder folder;
  EXPECT_TRUE(WriteContentProjection(data, folder / "content.arr").ok());
  uint32_t codes = 0;
  for (const AttributeFieldData& field : items.items.schema)
    codes += static_cast<uint32_t>(field.values.size());
  return ContentProjection::Open(folder / "content.arr", codes).value();
}

ProjectedItem Project(const ContentProjection& content, const TestItems& items, ItemRow item) {
  return content.Project(ContentOf(items.items, item)).value();
}

TEST(ContentProjectionTrainer, FindsRowsThatFollowFromContentOfItemsThatNobodyHas) {
  const TestItems items(300);
  WorkerPool pool(2);
  const auto data =
      FitContentProjection(items.items, items.Targets(), {.penalties = {100, 0.001F}}, pool);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->tables[1].dim, 0u);
  const ContentProjection content = Opened(*data, items);
  size_t without_interactions = 0;
  for (ItemRow item = 0; item < 300; ++item) {
    if (items.items.interaction_counts[item] > 0) continue;
    ++without_interactions;
    const ProjectedItem projected = Project(content, items, item);
    float length = 0;
    for (float x : items.rows[item]) length += x * x;
    for (size_t d = 0; d < kDim; ++d) {
      EXPECT_NEAR(projected.next_to[d], items.rows[item][d], 0.05);
      EXPECT_NEAR(projected.embedding[d], items.rows[item][d] / std::sqrt(length), 0.02);
    }
  }
  EXPECT_GT(without_interactions, 30u);
}

// Against the normal equations themselves.
TEST(ContentProjectionTrainer, IsRidgeRegressionWeighedByTheRootOfInteractionsUpToTheCap) {
  TestItems items(40);
  for (std::vector<float>& row : items.rows)
    row[1] = std::sin(static_cast<float>(&row - items.rows.data()));
  constexpr float kPenalty = 2;
  WorkerPool pool(1);
  const auto data = FitContentProjection(items.items, items.Targets(),
                                         {.penalties = {kPenalty}, .most_counted = 3}, pool);
  ASSERT_TRUE(data);
  constexpr Eigen::Index kFeatures = 8;
  Eigen::MatrixXd square = kPenalty * Eigen::MatrixXd::Identity(kFeatures, kFeatures);
  Eigen::MatrixXd cross = Eigen::MatrixXd::Zero(kFeatures, kDim);
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(kDim);
  double total = 0;
  auto row_of = [&](ItemRow item) {
    Eigen::RowVectorXd row(kDim);
    for (size_t d = 0; d < kDim; ++d) row(static_cast<Eigen::Index>(d)) = items.rows[item][d];
    return row;
  };
  auto features_of = [&](ItemRow item) {
    Eigen::RowVectorXd x = Eigen::RowVectorXd::Zero(kFeatures);
    for (uint32_t code : CodesOf(items.items.code_offsets, items.items.codes, item)) x(code) = 1;
    x(7) = 1;
    return x;
  };
  auto weight_of = [&](ItemRow item) {
    return std::sqrt(std::min(items.items.interaction_counts[item], 3U));
  };
  for (ItemRow item = 0; item < 40; ++item) {
    mean += weight_of(item) * row_of(item);
    total += weight_of(item);
  }
  mean /= total;
  for (ItemRow item = 0; item < 40; ++item) {
    const Eigen::RowVectorXd x = features_of(item);
    square += weight_of(item) * x.transpose() * x;
    cross += weight_of(item) * x.transpose() * (row_of(item) - mean);
  }
  const Eigen::MatrixXd weights = square.ldlt().solve(cross);
  const ContentProjection content = Opened(*data, items);
  for (ItemRow item = 0; item < 40; ++item) {
    const Eigen::RowVectorXd expected = mean + features_of(item) * weights;
    const ProjectedItem projected = Project(content, items, item);
    for (size_t d = 0; d < kDim; ++d)
      EXPECT_NEAR(projected.next_to[d], expected(static_cast<Eigen::Index>(d)), 0.03);
  }
}

TEST(ContentProjectionTrainer, FindsAPlaceForAnItemByItsVectorAlone) {
  TestItems items(300);
  items.items.schema.clear();
  items.items.codes.clear();
  items.items.code_offsets.assign(301, 0);
  items.items.vector_dim = 4;
  std::mt19937_64 random(8);
  std::normal_distribution<float> normal;
  items.rows.clear();
  for (ItemRow item = 0; item < 300; ++item) {
    Eigen::Vector4f vector;
    for (float& x : vector) x = normal(random);
    vector.normalize();
    const float scale = static_cast<float>(1 + item % 3);  // Lengths say nothing.
    for (float x : vector) items.items.vectors.push_back(x * scale);
    items.rows.push_back({vector[0], vector[1] - vector[2], vector[3]});
  }
  items.items.interaction_counts[7] = 0;
  WorkerPool pool(1);
  const auto data =
      FitContentProjection(items.items, items.Targets(), {.penalties = {0.01F}}, pool);
  ASSERT_TRUE(data);
  const ContentProjection content = Opened(*data, items);
  const ProjectedItem projected = Project(content, items, 7);
  for (size_t d = 0; d < kDim; ++d) EXPECT_NEAR(projected.next_to[d], items.rows[7][d], 0.05);
  const std::vector<float> none(4);
  EXPECT_FALSE(content.Project({.vector = none}));
}

TEST(ContentProjectionTrainer, LeavesOutOfManyCodesThoseOfTheFewestItems) {
  TestItems items(60);
  WorkerPool pool(1);
  const auto data = FitContentProjection(items.items, items.Targets(), {.most_codes = 2}, pool);
  ASSERT_TRUE(data);
  EXPECT_EQ(
      std::count(data->features.code_rows.begin(), data->features.code_rows.end(), kNoContentRow),
      5);
}

TEST(ContentProjectionTrainer, LearnsOfManyItemsFromThoseWithTheMostInteractions) {
  TestItems items(100);
  for (ItemRow item = 0; item < 100; ++item) {
    items.items.interaction_counts[item] = item < 50 ? 9 : 1;
    if (item >= 50) std::ranges::fill(items.rows[item], 1e3F);  // Would be far off.
  }
  WorkerPool pool(1);
  const auto data = FitContentProjection(items.items, items.Targets(),
                                         {.penalties = {0.01F}, .most_items = 50}, pool);
  ASSERT_TRUE(data);
  const ContentProjection content = Opened(*data, items);
  EXPECT_NEAR(Project(content, items, 60).next_to[0], Project(content, items, 10).next_to[0], 10);
}

TEST(ContentProjectionTrainer, IsTheSameForAnyNumberOfThreads) {
  const TestItems items(100);
  WorkerPool one(1), three(3);
  const auto a = FitContentProjection(items.items, items.Targets(), {}, one);
  const auto b = FitContentProjection(items.items, items.Targets(), {}, three);
  ASSERT_TRUE(a && b);
  for (size_t t = 0; t < kContentTableCount; ++t) EXPECT_EQ(a->tables[t].rows, b->tables[t].rows);
}

TEST(ContentProjectionTrainer, IsNothingWithoutContentOrInteractions) {
  TestItems items(20);
  WorkerPool pool(1);
  TestItems unknown = items;
  std::ranges::fill(unknown.items.interaction_counts, 0);
  EXPECT_FALSE(FitContentProjection(unknown.items, unknown.Targets(), {}, pool));
  items.items.schema.clear();
  items.items.codes.clear();
  items.items.code_offsets.assign(21, 0);
  EXPECT_FALSE(FitContentProjection(items.items, items.Targets(), {}, pool));
}

}  // namespace
}  // namespace shortlist
