// Vectors as integer codes, for scoring many items against one query with the kernels of
// retrieval/index/code_kernels.h.
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

// The largest magnitude of a component. Its inverse is the smallest that codes are made to fit.
inline constexpr float kLargestComponent = 1e12F;
inline constexpr int kCodeOffset = 128;
// What the second half of a code is on average, where it is not known.
inline constexpr float kMeanSecondHalf = 7.5F;

// Whether every value is finite and at most kLargestComponent.
bool CanBeCoded(std::span<const float> values);

// The scale at which the largest magnitude among the values becomes 127.
float CodeScale(std::span<const float> values);

// Writes ByteStride(vector.size()) bytes.
void EncodeBytes(std::span<const float> vector, float scale, uint8_t* row);
// The d-th component as it was encoded.
float DecodeByte(const uint8_t* row, float scale, size_t d);

// Euclidean lengths of what encoding changed in a vector, as the first halves alone tell it, and
// as both do.
struct NibbleErrors {
  float first = 0, whole = 0;
};
// Writes NibbleStride(vector.size()) bytes to each half.
NibbleErrors EncodeNibbles(std::span<const float> vector, float scale, uint8_t* first,
                           uint8_t* second);

// The least score of codes that can mean an item score of `least`, where an item's score is
// base + unit * (score of its code).
int32_t LeastCodeScore(float least, float base, float unit);

// A query as the kernels want it. Reused from search to search without allocating. Not thread-safe.
class QueryCode {
 public:
  void Assign(std::span<const float> vector);

  const int8_t* codes() const { return codes_.data(); }
  // The sum of the codes.
  int32_t sum() const { return sum_; }
  // What a code of one stands for.
  float step() const { return step_; }
  // The query's Euclidean length.
  float length() const { return length_; }
  // How far the inner product of an item x with the query may be from that of their codes:
  // |x - code of x| |q| + |code of x| |q - code of q| by the inequality of Cauchy and Schwarz, and
  // something for rounding. `item_error` is |x - code of x|, `item_length` at least |x|.
  float ScoreError(float item_error, float item_length) const {
    return item_error * (length_ + error_) + item_length * (error_ + 1e-5F * length_);
  }

 private:
  std::vector<int8_t> codes_;
  int32_t sum_ = 0;
  float step_ = 1;
  float length_ = 0;
  float error_ = 0;  // Euclidean length of what rounding changed.
};

}  // namespace shortlist
