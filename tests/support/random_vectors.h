// Vectors for tests and benchmarks of searches.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace shortlist {

// `count` rows of `dim` floats of length 1 around `clusters` random centres: what embeddings look
// like, unlike uniform noise. The same seed gives the same centres whatever the count.
inline std::vector<float> ClusteredUnitVectors(size_t count, size_t dim, size_t clusters,
                                               uint64_t seed, float spread = 0.6F) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> centres(clusters * dim);
  for (float& x : centres) x = normal(random);
  std::vector<float> vectors(count * dim);
  for (size_t row = 0; row < count; ++row) {
    const float* centre = centres.data() + random() % clusters * dim;
    float* vector = vectors.data() + row * dim;
    float norm = 0;
    for (size_t i = 0; i < dim; ++i) {
      vector[i] = centre[i] + spread * normal(random);
      norm += vector[i] * vector[i];
    }
    for (size_t i = 0; i < dim; ++i) vector[i] /= std::sqrt(norm);
  }
  return vectors;
}

}  // namespace shortlist
