// Kernels on float vectors; the fastest instruction set the machine has is chosen at run time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shortlist {

// Inner product of two vectors of `size` floats. Nothing is assumed of the alignment.
float DotProduct(const float* a, const float* b, size_t size);

// The same of floats and 8-bit numbers.
float DotProduct(const float* a, const int8_t* b, size_t size);

// results[i] = DotProduct of a and row i of `rows`, to the last bit, for i < count.
void DotProducts(const float* a, const float* rows, size_t count, size_t size, float* results);

// results[i] = DotProduct of a and row rows[i] of a row-major table of `size` columns, to the last
// bit, for i < count. The rows may be anywhere: they are asked for ahead.
void DotProducts(const float* a, const float* table, const uint32_t* rows, size_t count,
                 size_t size, float* results);
void DotProducts(const float* a, const int8_t* table, const uint32_t* rows, size_t count,
                 size_t size, float* results);

// sum[i] += scale * x[i].
void AddScaled(float scale, const float* x, float* sum, size_t size);
void AddScaled(float scale, const int8_t* x, float* sum, size_t size);

// out = scale * the sum of rows of a row-major table of `dim` columns, row r with weight
// weights[r].
void WeightedRowSum(const float* table, size_t dim, const uint32_t* rows, size_t count,
                    const float* weights, float scale, float* out);

// x[i] *= scale.
void Scale(float scale, float* x, size_t size);

// x[i] = exp(scale * x[i] + offsets[i]); returns the sum of them.
float ExpAndSum(float* x, float scale, const float* offsets, size_t size);

}  // namespace shortlist
