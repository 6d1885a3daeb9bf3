// The parts of a bundle that stage one needs, made up at random.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/array_file.h"
#include "common/string_table.h"
#include "features/catalog.h"
#include "retrieval/index/item_index.h"
#include "retrieval/index/item_index_builder.h"
#include "retrieval/item_similarity.h"
#include "retrieval/sources/source_table.h"
#include "retrieval/two_tower.h"
#include "tests/support/random_vectors.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {

// Item i was interacted with (i * 7919 % items) times; its neighbours are i + 1 ... i + 10, modulo
// the number of items, at scores 1.0, 0.9 ... 0.1; of a history twenty items count, the latest 1,
// then 1/2, 1/3 ...
struct ToyBundle {
  static constexpr size_t kDim = 8;
  static constexpr uint32_t kNeighbours = 10;

  explicit ToyBundle(uint32_t items) {
    CatalogData data;
    data.code_offsets.assign(items + 1, 0);
    ItemSimilarityData neighbours{
        .neighbours = kNeighbours, .items = {}, .scores = {}, .weights = {}};
    for (uint32_t i = 0; i < items; ++i) {
      data.ids.push_back("item-" + std::to_string(i));
      data.interaction_counts.push_back(static_cast<uint32_t>(uint64_t{i} * 7919 % items));
      for (uint32_t n = 1; n <= kNeighbours; ++n) {
        neighbours.items.push_back((i + n) % items);
        neighbours.scores.push_back(1.1F - 0.1F * static_cast<float>(n));
      }
    }
    for (int age = 1; age <= 20; ++age)
      neighbours.weights.push_back(1.0F / static_cast<float>(age));
    Check(WriteCatalog(data, folder / "catalog.arr"));
    catalog = Check(Catalog::Open(folder / "catalog.arr"));
    Check(WriteItemSimilarity(neighbours, folder / "similarity.arr"));
    similarity = Check(ItemSimilarity::Open(folder / "similarity.arr", items));
    WriteTowers(items);
    towers = Check(TwoTower::Open(folder / "towers.arr", items));
    Check(BuildItemIndex(towers.item_embeddings(), kDim, {}, folder / "items.index"));
    index = Check(ItemIndex::Load(folder / "items.index", towers.item_embeddings(), kDim));
  }

  SourceParts parts() const {
    return {.catalog = &catalog,
            .similarity = &similarity,
            .requests = &requests,
            .segments = &segments};
  }

  // A user with these items in the history, oldest first.
  static EncodedUser UserWith(const std::vector<ItemRow>& history) {
    EncodedUser user;
    for (ItemRow item : history) user.history.push_back({.item = item, .time_ms = 0, .value = 0});
    return user;
  }

  TemporaryFolder folder;
  Catalog catalog;
  ItemSimilarity similarity;
  RequestSchema requests;      // Users have no attributes,
  SegmentPopularity segments;  // and so no segments.
  TwoTower towers;
  std::unique_ptr<ItemIndex> index;

 private:
  static void Check(const absl::Status& status) {
    if (!status.ok()) std::abort();
  }
  template <class T>
  static T Check(absl::StatusOr<T> value) {
    Check(value.status());
    return *std::move(value);
  }

  // A user tower of random weights.
  void WriteTowers(uint32_t items) {
    constexpr uint32_t kHidden = 4, kMaxHistory = 5;
    std::mt19937_64 random(items);
    std::normal_distribution<float> normal;
    auto weights = [&](size_t size) {
      std::vector<float> values(size);
      for (float& value : values) value = normal(random);
      return values;
    };
    ArrayFileWriter writer;
    writer.AddOwned<uint32_t>("shape", {0, kDim, kHidden, kMaxHistory});  // kSequence.
    writer.AddOwned<float>("degree_exponent", {0});
    AddStringTable(writer, "users", {});
    AddAttributeSchema(writer, "user_schema", {});
    AddAttributeSchema(writer, "context_schema", {});
    writer.AddOwned("item_embeddings", ClusteredUnitVectors(items, kDim, 20, items));
    writer.AddOwned("attention", weights(kDim * kDim));
    writer.AddOwned("recency", weights(kMaxHistory));
    writer.AddOwned("empty", weights(kDim));
    writer.AddOwned("user_id", weights(0));
    writer.AddOwned("user_code", weights(0));
    writer.AddOwned("context_code", weights(0));
    writer.AddOwned("w1", weights(kHidden * 4 * kDim));
    writer.AddOwned("b1", weights(kHidden));
    writer.AddOwned("w2", weights(kDim * kHidden));
    writer.AddOwned("wr", weights(kDim * 4 * kDim));
    Check(writer.Write(folder / "towers.arr"));
  }
};

}  // namespace shortlist
