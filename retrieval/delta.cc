#include "retrieval/delta.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/vector_kernels.h"
#include "retrieval/code_kernels.h"

namespace shortlist {

DeltaChunk::DeltaChunk(size_t dim, std::vector<ItemRow> rows, std::vector<float> vectors)
    : dim_(dim),
      rows_(std::move(rows)),
      vectors_(std::move(vectors)),
      first_halves_(rows_.size() * NibbleStride(dim)),
      second_halves_(first_halves_.size()) {
  const float scale = CodeScale(vectors_);
  step_ = 1 / scale;
  for (size_t i = 0; i < size(); ++i) {
    uint8_t* first = first_halves_.data() + i * NibbleStride(dim);
    uint8_t* second = second_halves_.data() + i * NibbleStride(dim);
    EncodeNibbles(vector(i), scale, first, second);
    float squares = 0, first_squares = 0, error_squares = 0;
    for (size_t d = 0; d < dim; ++d) {
      const float x = vector(i)[d];
      const float of_first = x - DecodeNibbles(first, second, scale, d, false);
      const float of_whole = x - DecodeNibbles(first, second, scale, d, true);
      squares += x * x;
      first_squares += of_first * of_first;
      error_squares += of_whole * of_whole;
    }
    largest_length_ = std::max(largest_length_, std::sqrt(squares));
    first_error_ = std::max(first_error_, std::sqrt(first_squares));
    error_ = std::max(error_, std::sqrt(error_squares));
  }
}

void DeltaChunk::Search(std::span<const float> query, const QueryCode& code,
                        const ItemFilter& filter, float least,
                        std::vector<ScoredItem>& results) const {
  const size_t stride = NibbleStride(dim_);
  const float unit = step_ * code.step();
  const auto sum = static_cast<float>(code.sum());
  // The bounds of ItemIndex::FrameOf.
  const float rounding = largest_length_ * (code.error() + 1e-5F * code.length());
  const float first_error = first_error_ * (code.length() + code.error()) + rounding;
  const float error = error_ * (code.length() + code.error()) + rounding;
  const float base = (kMeanSecondHalf - kCodeOffset) * sum * unit;

  uint32_t selected[kCapacity + kSelectSlack], again[kCapacity + kSelectSlack];
  int32_t first_scores[kCapacity + kSelectSlack], second_scores[kCapacity + kSelectSlack];
  constexpr int32_t kAny = std::numeric_limits<int32_t>::min();
  const float least_code = std::floor((least - first_error - base) / (16 * unit));
  if (least_code > 2e9F) return;
  const size_t good = SelectNibbles(first_halves_.data(), stride, size(), code.codes(),
                                    least_code > -2e9F ? static_cast<int32_t>(least_code) : kAny,
                                    selected, first_scores);
  SelectNibblesAt(second_halves_.data(), stride, selected, good, code.codes(), kAny, again,
                  second_scores);
  for (size_t i = 0; i < good; ++i) {
    const float score = (16 * static_cast<float>(first_scores[i]) +
                         static_cast<float>(second_scores[i]) - kCodeOffset * sum) *
                        unit;
    if (score + error < least || !filter.Passes(rows_[selected[i]])) continue;
    const float exact = DotProduct(query.data(), vector(selected[i]).data(), dim_);
    if (exact >= least) results.push_back({rows_[selected[i]], exact});
  }
}

}  // namespace shortlist
