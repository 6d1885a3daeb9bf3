// Vectors for benchmarks: from files, or made.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "absl/status/statusor.h"

namespace shortlist {

struct Vectors {
  size_t dim = 0;
  std::vector<float> values;  // Row-major.
};

// Reads .fbin (count and dimension as uint32, then floats) or .npy (version 1, a C-ordered matrix
// of little-endian float32).
absl::StatusOr<Vectors> ReadVectors(const std::filesystem::path& path);

// Unit vectors as a trained tower makes them: 20 hidden dimensions with 300 clusters, bent into
// `dim` by a random network, with some noise. `mixed` are like users: each between three clusters.
Vectors MakeVectors(size_t count, size_t dim, bool mixed, unsigned seed);

}  // namespace shortlist
