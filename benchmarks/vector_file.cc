#include "benchmarks/vector_file.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace shortlist {

absl::StatusOr<Vectors> ReadVectors(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(std::string content, ReadFile(path));
  auto invalid = [&](const char* what) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": ", what));
  };
  size_t rows = 0, begin = 0;
  Vectors vectors;
  if (path.extension() == ".fbin") {
    uint32_t shape[2];
    if (content.size() < sizeof shape) return invalid("too short");
    std::memcpy(shape, content.data(), sizeof shape);
    rows = shape[0];
    vectors.dim = shape[1];
    begin = sizeof shape;
  } else if (path.extension() == ".npy") {
    if (content.size() < 10 || content.compare(0, 7, "\x93NUMPY\x01") != 0)
      return invalid("not a .npy file of version 1");
    begin = 10 + static_cast<unsigned char>(content[8]) +
            size_t{256} * static_cast<unsigned char>(content[9]);
    if (begin > content.size()) return invalid("truncated header");
    const std::string header = content.substr(10, begin - 10);
    const size_t shape = header.find("'shape': (");
    if (header.find("'<f4'") == std::string::npos || shape == std::string::npos ||
        header.find("'fortran_order': False") == std::string::npos ||
        std::sscanf(header.c_str() + shape, "'shape': (%zu, %zu", &rows, &vectors.dim) != 2)
      return invalid("not a C-ordered matrix of little-endian float32");
  } else {
    return invalid("neither .fbin nor .npy");
  }
  if (vectors.dim == 0 || vectors.dim > 8192 || rows > (size_t{1} << 32) ||
      content.size() - begin != rows * vectors.dim * sizeof(float))
    return invalid("the size does not fit the shape");
  vectors.values.resize(rows * vectors.dim);
  std::memcpy(vectors.values.data(), content.data() + begin, content.size() - begin);
  return vectors;
}

Vectors MakeVectors(size_t count, size_t dim, bool mixed, unsigned seed) {
  constexpr size_t kHidden = 20, kClusters = 300, kUnits = 128;
  std::normal_distribution<float> normal;
  // The same world whatever the seed, which draws from it.
  std::mt19937_64 world(1), random(seed);
  auto matrix = [&](size_t size, float scale) {
    std::vector<float> values(size);
    for (float& value : values) value = scale * normal(world);
    return values;
  };
  const std::vector<float> first = matrix(kUnits * kHidden, 1.5F / std::sqrt(1.0F * kHidden));
  const std::vector<float> second = matrix(dim * kUnits, 1 / std::sqrt(1.0F * kUnits));
  const std::vector<float> centres = matrix(kClusters * kHidden, 1);

  Vectors vectors{dim, std::vector<float>(count * dim)};
  for (size_t row = 0; row < count; ++row) {
    const float* a = &centres[random() % kClusters * kHidden];
    const float* b = &centres[random() % kClusters * kHidden];
    const float* c = &centres[random() % kClusters * kHidden];
    float hidden[kHidden], units[kUnits];
    for (size_t i = 0; i < kHidden; ++i)
      hidden[i] = mixed ? 0.5F * a[i] + 0.3F * b[i] + 0.2F * c[i] + 0.4F * normal(random)
                        : a[i] + 0.6F * normal(random);
    for (size_t u = 0; u < kUnits; ++u) {
      float sum = 0;
      for (size_t i = 0; i < kHidden; ++i) sum += first[u * kHidden + i] * hidden[i];
      units[u] = std::tanh(sum);
    }
    float* vector = &vectors.values[row * dim];
    float squares = 0;
    for (size_t d = 0; d < dim; ++d) {
      vector[d] = 0.1F * normal(random);
      for (size_t u = 0; u < kUnits; ++u) vector[d] += second[d * kUnits + u] * units[u];
      squares += vector[d] * vector[d];
    }
    for (size_t d = 0; d < dim; ++d) vector[d] /= std::sqrt(squares);
  }
  return vectors;
}

}  // namespace shortlist
