// What training would have made of an item, guessed from its content: the item tower and the
// regressions' rows for items that came after training. A linear map of the item's features,
//
//   row = bias + sum_f value_f weights[f],
//
// for each of the tables that a bundle has of its items; learning/items/
// content_projection_trainer.h fits it.
//
// Immutable, memory-mapped, thread-safe. Project is deterministic; it adds up a row of each table
// for every attribute value, and for every number of a vector.
//
//   ASSIGN_OR_RETURN(ContentProjection content,
//                    ContentProjection::Open(folder / "content.arr", schema.code_count()));
//   std::optional<ProjectedItem> item = content.Project({.codes = codes});
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "retrieval/content/content_features.h"

namespace shortlist {

// An item's row in each table. Empty where the bundle has no such table.
struct ProjectedItem {
  std::vector<float> embedding;  // TwoTower::item_embedding: of length 1.
  std::vector<float> history;    // kBag: the item as part of a history.
  // Those of the bundle's two ItemFactors, before EncodeFactors.
  std::vector<float> history_from, history_to;
  std::vector<float> next_from, next_to;
};

// A table's member of ProjectedItem, and its name in the file.
struct ContentTable {
  const char* name;
  std::vector<float> ProjectedItem::*row;
};
inline constexpr ContentTable kContentTables[] = {
    {"embedding", &ProjectedItem::embedding},       {"history", &ProjectedItem::history},
    {"history_from", &ProjectedItem::history_from}, {"history_to", &ProjectedItem::history_to},
    {"next_from", &ProjectedItem::next_from},       {"next_to", &ProjectedItem::next_to}};
inline constexpr size_t kContentTableCount = std::size(kContentTables);

struct ContentProjectionData {
  ContentFeaturesData features;
  // By table: the numbers of a row (0: no such table), and a row as EncodeFactors makes it for the
  // bias, then one a feature.
  struct Table {
    size_t dim = 0;
    std::vector<int8_t> rows;
  };
  Table tables[kContentTableCount];
};

absl::Status WriteContentProjection(const ContentProjectionData& data,
                                    const std::filesystem::path& path);

class ContentProjection {
 public:
  // `code_count`: that of the catalog's schema. DATA_LOSS names the file that is not right.
  static absl::StatusOr<ContentProjection> Open(const std::filesystem::path& path,
                                                uint32_t code_count);

  const ContentFeatures& features() const { return features_; }
  // Numbers of a row of a table; 0 where there is none.
  size_t dim(size_t table) const { return tables_[table].dim; }

  // None where nothing is known of the item: no attribute value that training has seen, and no
  // vector.
  std::optional<ProjectedItem> Project(const ItemContent& content) const;

 private:
  struct Table {
    size_t dim = 0;
    std::span<const int8_t> rows;
  };
  // A file keeps its mapping; what refers to it stays valid when this is moved.
  ArrayFile file_;
  ContentFeatures features_;
  Table tables_[kContentTableCount];
};

}  // namespace shortlist
