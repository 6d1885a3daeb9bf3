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
#include "retrieval/item_filter.h"
#include "retrieval/scored_item.h"

namespace shortlist {

struct ItemIndexOptions {
  int links = 16;           // hnswlib's M: links per node and layer.
  int build_breadth = 200;  // hnswlib's ef_construction.
  uint64_t seed = 1;
  size_t threads = 0;  // 0: one per core. The graph is reproducible with one thread only.
};

// `embeddings`: item_count rows of `dim` floats, row-major. INVALID_ARGUMENT when they are not, or
// not finite.
absl::Status BuildItemIndex(std::span<const float> embeddings, size_t dim,
                            const ItemIndexOptions& options, const std::filesystem::path& path);

class ItemIndex {
 public:
  // Refuses a file that is corrupt or was built for other embeddings.
  static absl::StatusOr<std::unique_ptr<ItemIndex>> Load(const std::filesystem::path& path,
                                                         std::span<const float> embeddings,
                                                         size_t dim);
  ~ItemIndex();

  // min(k, items that pass) items that pass the filter, best first. `query` has `dim` finite
  // floats. Exact where few items pass; approximate, but never short, otherwise.
  std::vector<ScoredItem> Search(std::span<const float> query, const ItemFilter& filter,
                                 size_t k) const;

 private:
  class Graph;
  friend absl::Status BuildItemIndex(std::span<const float> embeddings, size_t dim,
                                     const ItemIndexOptions& options,
                                     const std::filesystem::path& path);
  ItemIndex(std::unique_ptr<Graph> graph, std::span<const float> embeddings, size_t dim);

  std::unique_ptr<Graph> graph_;
  std::span<const float> embeddings_;
  size_t dim_;
};

}  // namespace shortlist
