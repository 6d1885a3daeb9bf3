// Kernels on float vectors; the fastest instruction set the machine has is chosen at run time.
#pragma once

#include <cstddef>

namespace shortlist {

// Inner product of two vectors of `size` floats. Nothing is assumed of the alignment.
float DotProduct(const float* a, const float* b, size_t size);

}  // namespace shortlist
