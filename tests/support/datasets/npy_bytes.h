// What numpy.save writes, made by a test.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace shortlist {

// A matrix of float32, row after row, in NPY format 1.0.
inline std::string NpyBytes(size_t rows, size_t columns, const std::vector<float>& numbers) {
  const std::string header = absl::StrCat("{'descr': '<f4', 'fortran_order': False, 'shape': (",
                                          rows, ", ", columns, "), }\n");
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size());
  file += '\0';
  file += header;
  for (const float number : numbers) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    file.append(bytes, sizeof number);
  }
  return file;
}

}  // namespace shortlist
