// Inner products of integer codes. The fastest instruction set the machine has is chosen at run
// time; all of them give the same results, since integer arithmetic is exact.
//
// A query is a row of signed bytes in -127...127, padded with zeros to a multiple of 64. Bytes are
// rows of unsigned bytes, padded likewise. Nibbles are rows of unsigned 4-bit numbers: every 64
// dimensions take 32 bytes, the low halves of which are the first 32 dimensions, the high halves
// the others.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shortlist {

// Bytes that a row of `dim` dimensions takes.
constexpr size_t ByteStride(size_t dim) { return (dim + 63) / 64 * 64; }
constexpr size_t NibbleStride(size_t dim) { return ByteStride(dim) / 2; }

// scores[i] = inner product of the i-th row of bytes and the query, for i < count.
void ScoreBytes(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                int32_t* scores);

// Of the rows of nibbles i < count, those with a score of at least `least`: i into `selected`,
// ascending, and the score into `scores`. Returns their number. Both have room for
// count + kSelectSlack.
size_t SelectNibbles(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                     int32_t least, uint32_t* selected, int32_t* scores);

// The same for the rows at the given positions: i means the row at positions[i].
size_t SelectNibblesAt(const uint8_t* rows, size_t stride, const uint32_t* positions, size_t count,
                       const int8_t* query, int32_t least, uint32_t* selected, int32_t* scores);

inline constexpr size_t kSelectSlack = 16;

// The largest of the scores; count is at least 1.
int32_t LargestScore(const int32_t* scores, size_t count);

// For tests: whether the file with AVX-512 VNNI instructions is used where the machine has them.
void AllowVnniForTest(bool allow);

}  // namespace shortlist
