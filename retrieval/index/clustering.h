// Clusters of vectors that point in similar directions: spherical k-means (Dhillon and Modha 2001)
// on a sample, with vectors and centres as 8-bit codes.
//
//   std::vector<uint32_t> cluster_of = ClusterVectors(embeddings, dim, 4096, seed, pool, report);
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "common/parallel.h"

namespace shortlist {

// The cluster, below `clusters`, of every row; some clusters may be empty. `embeddings`: rows of
// `dim` finite floats, at least as many as clusters. The same for the same seed whatever the number
// of threads. `progress(done, total)` is called now and then, from this thread, in vectors
// assigned.
std::vector<uint32_t> ClusterVectors(std::span<const float> embeddings, size_t dim, size_t clusters,
                                     uint64_t seed, WorkerPool& workers,
                                     const std::function<void(size_t, size_t)>& progress);

}  // namespace shortlist
