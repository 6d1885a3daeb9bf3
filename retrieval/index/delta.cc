#include "retrieval/index/delta.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/vector_kernels.h"
#include "retrieval/index/code_kernels.h"

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
    const NibbleErrors errors =
        EncodeNibbles(vector(i), scale, first_halves_.data() + i * NibbleStride(dim),
                      second_halves_.data() + i * NibbleStride(dim));
    largest_errors_.first = std::max(largest_errors_.first, errors.first);
    largest_errors_.whole = std::max(largest_errors_.whole, errors.whole);
    float squares = 0;
    for (float x : vector(i)) squares += x * x;
    largest_length_ = std::max(largest_length_, std::sqrt(squares));
  }
}

void DeltaChunk::Search(std::span<const float> query, const QueryCode& code,
                        const ItemFilter& filter, float least,
                        std::vector<ScoredItem>& results) const {
  const size_t stride = NibbleStride(dim_);
  const float unit = step_ * code.step();
  const auto sum = static_cast<float>(code.sum());
  const float first_error = code.ScoreError(largest_errors_.first, largest_length_);
  const float error = code.ScoreError(largest_errors_.whole, largest_length_);
  const float base = (kMeanSecondHalf - kCodeOffset) * sum * unit;

  uint32_t selected[kCapacity + kSelectSlack], again[kCapacity + kSelectSlack];
  int32_t first_scores[kCapacity + kSelectSlack], second_scores[kCapacity + kSelectSlack];
  constexpr int32_t kAny = std::numeric_limits<int32_t>::min();
  const size_t good =
      SelectNibbles(first_halves_.data(), stride, size(), code.codes(),
                    LeastCodeScore(least - first_error, base, 16 * unit), selected, first_scores);
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
