// Fits what a bundle guesses of new items from their content (retrieval/content/
// content_projection.h): ridge regression of the items' trained rows on their features, the items
// weighed by the root of their interactions, up to a cap. How strong the penalty is, a fifth of the
// items decides, of which the fit sees nothing.
//
// The normal equations are never made: products with the sparse features, and conjugate gradients.
// Memory is that of a table's rows in floats, one table at a time, and of the weights.
//
//   const std::optional<ContentProjectionData> content =
//       FitContentProjection(catalog, targets, {}, pool);
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/parallel.h"
#include "features/catalog.h"
#include "retrieval/content/content_projection.h"

namespace shortlist {

struct ContentProjectionOptions {
  std::vector<float> penalties = {0.1F, 0.3F, 1, 3, 10, 30, 100};  // At least one.
  uint32_t most_counted = 50;  // More interactions of an item than this count as so many.
  // Codes of fewer items than this with interactions are left out, and of more than so many those
  // of the fewest items.
  uint32_t least_items = 1;
  size_t most_codes = 100'000;
  size_t most_items = 200'000;  // Of more, those with the most interactions are learned from.
  uint64_t seed = 1;
};

// A table of the bundle.
struct ContentTarget {
  size_t dim = 0;                                           // 0: there is none.
  std::function<void(ItemRow, std::span<float>)> read_row;  // Called from several threads.
};
using ContentTargets = std::array<ContentTarget, kContentTableCount>;

// What there is of an item of a data set.
ItemContent ContentOf(const CatalogData& items, ItemRow item);

// From the items with interactions. None where they have no content. The same for the same seed,
// whatever the threads.
std::optional<ContentProjectionData> FitContentProjection(const CatalogData& items,
                                                          const ContentTargets& targets,
                                                          const ContentProjectionOptions& options,
                                                          WorkerPool& pool);

}  // namespace shortlist
