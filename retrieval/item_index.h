// The index over item embeddings: nearest items to a query by inner product, under a filter.
//
// Built once with hnswlib (Malkov and Yashunin 2018), immutable, thread-safe. Refers to the
// embeddings, which must outlive it.
//
//   RETURN_IF_ERROR(BuildItemIndex(embeddings, dim, options, path));
//   ASSIGN_OR_RETURN(std::unique_ptr<ItemIndex> index, ItemIndex::Load(path, embeddings, dim));
//   std::vector<ScoredItem> best = index->Search(user_vector, filter, 500);
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "features/catalog.h"
#include "retrieval/item_filter.h"

namespace shortlist {

struct ScoredItem {
  ItemRow item;
  float score;  // Inner product of query and embedding.
};

// Best first: by score, equal scores by row.
inline bool RanksBefore(const ScoredItem& a, const ScoredItem& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

struct ItemIndexOptions {
  int links = 16;           // hnswlib's M: links per node and layer.
  int build_breadth = 200;  // hnswlib's ef_construction.
  uint64_t seed = 1;
  size_t threads = 0;  // 0: one per core. The graph is reproducible with one thread only.
};

// `embeddings`: item_count rows of `dim` floats, row-major.
absl::Status BuildItemIndex(std::span<const float> embeddings, size_t dim,
                            const ItemIndexOptions& options, const std::filesystem::path& path);

class ItemIndex {
 public:
  static absl::StatusOr<std::unique_ptr<ItemIndex>> Load(const std::filesystem::path& path,
                                                         std::span<const float> embeddings,
                                                         size_t dim);
  ~ItemIndex();

  // min(k, items that pass) items that pass the filter, best first. `query` has `dim` floats.
  // Exact where few items pass; approximate, but never short, otherwise.
  std::vector<ScoredItem> Search(std::span<const float> query, const ItemFilter& filter,
                                 size_t k) const;

 private:
  class Graph;
  ItemIndex(std::unique_ptr<Graph> graph, std::span<const float> embeddings, size_t dim);

  std::unique_ptr<Graph> graph_;
  std::span<const float> embeddings_;
  size_t dim_;
};

// Exact search: scores every item that passes. The oracle for recall and the path for small or
// heavily filtered catalogs. Same contract as ItemIndex::Search.
std::vector<ScoredItem> SearchExactly(std::span<const float> embeddings, size_t dim,
                                      std::span<const float> query, const ItemFilter& filter,
                                      size_t k);

}  // namespace shortlist
