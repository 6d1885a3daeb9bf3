// Vectors as integer codes, for scoring many items against one query with the kernels of
// retrieval/code_kernels.h.
//
// A component x becomes round(x * scale) in -127...127. A query keeps it as a signed byte; a row
// of items adds 128, to an unsigned one, as the instructions want it. So
//   score = sum (code + 128) * q = scale * query_scale * (inner product) + 128 * sum q,
// rounding aside. A row can be kept in two halves of 4 bits: with the first alone, reading half the
// memory, the score is known roughly, and with the second as well as if it were whole:
//   score = 16 * (score of the first) + (score of the second).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace shortlist {

inline constexpr int kCodeOffset = 128;
// What the second half of a code is on average, where it is not known.
inline constexpr float kMeanSecondHalf = 7.5F;

// The scale at which the largest magnitude among the values becomes 127.
float CodeScale(std::span<const float> values);

// Writes ByteStride(vector.size()) bytes.
void EncodeBytes(std::span<const float> vector, float scale, uint8_t* row);
// Writes NibbleStride(vector.size()) bytes to each half.
void EncodeNibbles(std::span<const float> vector, float scale, uint8_t* first, uint8_t* second);
// Components as they were encoded: `whole`, or from the first half alone.
float DecodeByte(const uint8_t* row, float scale, size_t d);
float DecodeNibbles(const uint8_t* first, const uint8_t* second, float scale, size_t d, bool whole);

// A query as the kernels want it. Reused from search to search without allocating. Not thread-safe.
class QueryCode {
 public:
  void Assign(std::span<const float> vector);

  const int8_t* codes() const { return codes_.data(); }
  // The sum of the codes.
  int32_t sum() const { return sum_; }
  // What a code of one stands for.
  float step() const { return step_; }
  // Euclidean lengths of the query, and of what rounding changed.
  float length() const { return length_; }
  float error() const { return error_; }

 private:
  std::vector<int8_t> codes_;
  int32_t sum_ = 0;
  float step_ = 1;
  float length_ = 0;
  float error_ = 0;
};

}  // namespace shortlist
