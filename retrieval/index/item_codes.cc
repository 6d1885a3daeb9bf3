#include "retrieval/index/item_codes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "retrieval/index/code_kernels.h"

namespace shortlist {
namespace {

constexpr int kLargest = 127;
// Of 64 dimensions, the nibbles of the first half are the low ones of 32 bytes.
constexpr size_t kHalfBlock = 32;

int Round(float x) {
  return static_cast<int>(std::lrintf(std::clamp(x, -1.0F * kLargest, 1.0F * kLargest)));
}

size_t NibbleByte(size_t d) { return d / (2 * kHalfBlock) * kHalfBlock + d % kHalfBlock; }
int NibbleShift(size_t d) { return d / kHalfBlock % 2 == 0 ? 0 : 4; }

}  // namespace

bool CanBeCoded(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::abs(value) <= kLargestComponent; });
}

float CodeScale(std::span<const float> values) {
  float largest = 0;
  for (float value : values) largest = std::max(largest, std::abs(value));
  // Without a limit, the reciprocal of a denormal number would be infinite. Values that are all
  // zeros have the finest of steps: what the first half of a code leaves open is then as good as
  // nothing, as it should be.
  return kLargest / std::max(largest, 1 / kLargestComponent);
}

void EncodeBytes(std::span<const float> vector, float scale, uint8_t* row) {
  for (size_t d = 0; d < vector.size(); ++d)
    row[d] = static_cast<uint8_t>(Round(vector[d] * scale) + kCodeOffset);
  std::fill(row + vector.size(), row + ByteStride(vector.size()), kCodeOffset);
}

float DecodeByte(const uint8_t* row, float scale, size_t d) {
  return static_cast<float>(row[d] - kCodeOffset) / scale;
}

NibbleErrors EncodeNibbles(std::span<const float> vector, float scale, uint8_t* first,
                           uint8_t* second) {
  const size_t stride = NibbleStride(vector.size());
  std::fill_n(first, stride, 0);
  std::fill_n(second, stride, 0);
  double first_squares = 0, whole_squares = 0;
  for (size_t d = 0; d < vector.size(); ++d) {
    const int code = Round(vector[d] * scale) + kCodeOffset;
    const int low = code & 15;
    first[NibbleByte(d)] |= static_cast<uint8_t>((code >> 4) << NibbleShift(d));
    second[NibbleByte(d)] |= static_cast<uint8_t>(low << NibbleShift(d));
    const double x = static_cast<double>(vector[d]) * scale + kCodeOffset;
    const double of_first = x - (static_cast<float>(code - low) + kMeanSecondHalf),
                 of_whole = x - code;
    first_squares += of_first * of_first;
    whole_squares += of_whole * of_whole;
  }
  return {static_cast<float>(std::sqrt(first_squares) / scale),
          static_cast<float>(std::sqrt(whole_squares) / scale)};
}

int32_t LeastCodeScore(float least, float base, float unit) {
  constexpr float kLimit = 2e9F;
  const float score = std::floor((least - base) / unit);
  if (!(score > -kLimit)) return std::numeric_limits<int32_t>::min();
  return score < kLimit ? static_cast<int32_t>(score) : std::numeric_limits<int32_t>::max();
}

void QueryCode::Assign(std::span<const float> vector) {
  codes_.assign(ByteStride(vector.size()), 0);
  const float scale = CodeScale(vector);
  step_ = 1 / scale;
  sum_ = 0;
  float squares = 0, error_squares = 0;
  for (size_t d = 0; d < vector.size(); ++d) {
    const int code = Round(vector[d] * scale);
    codes_[d] = static_cast<int8_t>(code);
    sum_ += code;
    const float error = vector[d] - static_cast<float>(code) * step_;
    squares += vector[d] * vector[d];
    error_squares += error * error;
  }
  length_ = std::sqrt(squares);
  error_ = std::sqrt(error_squares);
}

}  // namespace shortlist
