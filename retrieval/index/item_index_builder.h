// Makes the file of an ItemIndex from embeddings.
//
//   RETURN_IF_ERROR(BuildItemIndex(embeddings, dim, {}, folder / "items.index"));
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "absl/status/status.h"

namespace shortlist {

struct ItemIndexOptions {
  // The share of the best `candidate_count` items that a search is to find, on average over the
  // queries: above 0, at most 1. Building measures what that takes.
  double target_recall = 0.98;
  size_t candidate_count = 500;
  // What to measure with: rows of `dim` floats, user vectors preferably. Empty: vectors of items.
  std::span<const float> queries;
  // 0: by the number of items.
  size_t lists = 0;
  uint64_t seed = 1;
  size_t threads = 0;  // 0: one per core. The file is the same for any number.
  bool show_progress = false;
};

// `embeddings`: item_count rows of `dim` floats, row-major. INVALID_ARGUMENT when they are not, or
// one is not finite or beyond kLargestComponent, or when an option cannot be. Memory besides the
// embeddings: about 20 bytes an item and one a dimension, rounded up to a multiple of 64.
absl::Status BuildItemIndex(std::span<const float> embeddings, size_t dim,
                            const ItemIndexOptions& options, const std::filesystem::path& path);

}  // namespace shortlist
