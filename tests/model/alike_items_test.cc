#include "model/alike_items.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/trained_bundle.h"

namespace shortlist {
namespace {

std::vector<float> EmbeddingOf(const Bundle& bundle, ItemRow row) {
  const std::span<const float> embedding = bundle.towers.item_embedding(row);
  return {embedding.begin(), embedding.end()};
}

TEST(AlikeItems, AreTheNearestThatSomebodyTookUpLikestFirst) {
  const Bundle& bundle = *TrainedBundle();
  const std::span<const uint32_t> counts = bundle.catalog.interaction_counts();
  for (const ItemRow row : {3U, 40U, 77U}) {
    const std::vector<float> embedding = EmbeddingOf(bundle, row);
    const AlikeItems alike = FindAlike(bundle, embedding);
    std::vector<ItemRow> nearest;
    for (const ScoredItem& item : bundle.index->Search(embedding, {}, bundle.catalog.item_count()))
      if (counts[item.item] > 0) nearest.push_back(item.item);
    nearest.resize(Catalog::kMostAlike);
    EXPECT_EQ(alike.rows, nearest);
  }
}

TEST(AlikeItems, LetOneExpectMoreThanMostOfThemCameTo) {
  const Bundle& bundle = *TrainedBundle();
  const AlikeItems alike = FindAlike(bundle, EmbeddingOf(bundle, 12));
  std::vector<uint32_t> counts;
  for (const ItemRow row : alike.rows) counts.push_back(bundle.catalog.interaction_counts()[row]);
  EXPECT_EQ(std::ranges::count_if(counts, [&](uint32_t count) { return count <= alike.count; }), 8);
  EXPECT_GT(alike.liked, 0u);
  EXPECT_LE(alike.liked, alike.count);
}

}  // namespace
}  // namespace shortlist
