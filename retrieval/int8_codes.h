// Vectors as 8-bit codes, for scoring many items against one query with the kernels of
// retrieval/int8_kernels.h.
//
// A component x becomes round(x * scale) in -127...127. Items keep it plus 128, as an unsigned
// byte, as the instructions want it; a query keeps it signed. So the score of the kernels is
//   sum (code + 128) * q = scale * query_scale * (inner product) + 128 * sum q, rounding aside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace shortlist {

// The scale at which the largest magnitude among the values becomes 127.
float CodeScale(std::span<const float> values);

// Writes CodeStride(vector.size()) bytes.
void EncodeItem(std::span<const float> vector, float scale, uint8_t* code);

// A query as the kernels want it. Reused from search to search without allocating. Not thread-safe.
class Int8Query {
 public:
  void Assign(std::span<const float> vector);

  const int8_t* codes() const { return codes_.data(); }
  // Euclidean lengths of the query and of its codes.
  float length() const { return length_; }
  float code_length() const { return code_length_; }
  // The score of an item at a right angle to the query.
  int32_t zero_score() const { return zero_score_; }
  // What to multiply (score - zero_score()) by to get the inner product with an item that was
  // encoded at `item_scale`.
  float Unit(float item_scale) const { return 1.0F / (item_scale * scale_); }

 private:
  std::vector<int8_t> codes_;
  float scale_ = 1;
  float length_ = 0;
  float code_length_ = 0;
  int32_t zero_score_ = 0;
};

}  // namespace shortlist
