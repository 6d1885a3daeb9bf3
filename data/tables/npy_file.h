// A matrix in a file of NumPy's, as numpy.save writes it: the NPY format, versions 1.0 and 2.0
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
//
//   ASSIGN_OR_RETURN(const NpyMatrix matrix, ReadNpyMatrix("films.item.npy"));
//   float x = matrix.values[row * matrix.columns + column];
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "absl/status/statusor.h"

namespace shortlist {

struct NpyMatrix {
  size_t rows = 0, columns = 0;
  std::vector<float> values;  // Row after row, each finite.
};

// Numbers are float32 or float64, little-endian, in C order, and within 10^18 of 0.
// INVALID_ARGUMENT names the file, what is wrong with it and, where NumPy can mend it, how.
absl::StatusOr<NpyMatrix> ReadNpyMatrix(const std::filesystem::path& path);

}  // namespace shortlist
