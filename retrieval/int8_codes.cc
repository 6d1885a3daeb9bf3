#include "retrieval/int8_codes.h"

#include <algorithm>
#include <cmath>

#include "retrieval/int8_kernels.h"

namespace shortlist {
namespace {

constexpr int kLargest = 127;
constexpr int kOffset = 128;

int Round(float x) {
  return static_cast<int>(std::lrintf(std::clamp(x, -1.0F * kLargest, 1.0F * kLargest)));
}

}  // namespace

float CodeScale(std::span<const float> values) {
  float largest = 0;
  for (float value : values) largest = std::max(largest, std::abs(value));
  // Without limits, the reciprocal of a denormal number would be infinite.
  return largest > 1e-30F ? kLargest / largest : 1.0F;
}

void EncodeItem(std::span<const float> vector, float scale, uint8_t* code) {
  for (size_t d = 0; d < vector.size(); ++d)
    code[d] = static_cast<uint8_t>(Round(vector[d] * scale) + kOffset);
  std::fill(code + vector.size(), code + CodeStride(vector.size()), kOffset);
}

void Int8Query::Assign(std::span<const float> vector) {
  codes_.assign(CodeStride(vector.size()), 0);
  scale_ = CodeScale(vector);
  int sum = 0;
  double squares = 0, code_squares = 0;
  for (size_t d = 0; d < vector.size(); ++d) {
    const int code = Round(vector[d] * scale_);
    codes_[d] = static_cast<int8_t>(code);
    sum += code;
    squares += static_cast<double>(vector[d]) * vector[d];
    code_squares += code * code;
  }
  length_ = static_cast<float>(std::sqrt(squares));
  code_length_ = static_cast<float>(std::sqrt(code_squares));
  zero_score_ = kOffset * sum;
}

}  // namespace shortlist
