// Inner products of 8-bit codes. The fastest instruction set the machine has is chosen at run time;
// all of them give the same results, since integer arithmetic is exact.
//
// A code is a row of unsigned bytes, padded to a whole number of cache lines; a query is a row of
// signed bytes in -127...127, padded with zeros to the same length.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shortlist {

// Bytes that a code of `dim` dimensions takes.
constexpr size_t CodeStride(size_t dim) { return (dim + 63) / 64 * 64; }

// scores[i] = sum over d of codes[i * stride + d] * query[d], for i < count.
void ScoreCodes(const uint8_t* codes, size_t stride, size_t count, const int8_t* query,
                int32_t* scores);

// Scores the codes as above, and for the i < count with a score of at least `least` writes i to
// `selected`, ascending, and the score to `scores`. Returns their number. Both have room for
// count + kSelectSlack.
size_t SelectCodes(const uint8_t* codes, size_t stride, size_t count, const int8_t* query,
                   int32_t least, uint32_t* selected, int32_t* scores);

// The same for the codes at the given positions: i means the code at positions[i].
size_t SelectCodesAt(const uint8_t* codes, size_t stride, const uint32_t* positions, size_t count,
                     const int8_t* query, int32_t least, uint32_t* selected, int32_t* scores);

inline constexpr size_t kSelectSlack = 16;

// The largest of the scores; count is at least 1.
int32_t LargestScore(const int32_t* scores, size_t count);

// Without it the next best instructions are used. Not while others use the kernels.
void AllowVnniForTest(bool allow);

}  // namespace shortlist
