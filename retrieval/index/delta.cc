#include "retrieval/index/delta.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/vector_kernels.h"
#include "retrieval/index/code_kernels.h"

namespace shortlist {

DeltaChunk::DeltaChunk(size_t dim, ItemRow first_row, std::span<const float> vectors)
    : dim_(dim),
      first_row_(first_row),
      vectors_(vectors),
      first_halves_(size() * NibbleStride(dim)),
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
                        const ItemFilter& filter, const Bits* hidden, float least,
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
    const ItemRow row = first_row_ + selected[i];
    if (score + error < least || (hidden != nullptr && hidden->Test(row)) || !filter.Passes(row))
      continue;
    const float exact = DotProduct(query.data(), vector(selected[i]).data(), dim_);
    if (exact >= least) results.push_back({row, exact});
  }
}

size_t Delta::size() const {
  return chunks_.empty() ? 0
                         : (chunks_.size() - 1) * DeltaChunk::kCapacity + chunks_.back()->size();
}

Delta Delta::With(size_t dim, ItemRow first_row, std::span<const float> vectors) const {
  Delta longer = *this;
  if (!chunks_.empty() && chunks_.back()->size() < DeltaChunk::kCapacity) longer.chunks_.pop_back();
  const size_t count = vectors.size() / dim;
  for (size_t begin = longer.chunks_.size() * DeltaChunk::kCapacity; begin < count;
       begin += DeltaChunk::kCapacity) {
    const size_t rows = std::min(DeltaChunk::kCapacity, count - begin);
    longer.chunks_.push_back(std::make_shared<const DeltaChunk>(
        dim, first_row + static_cast<ItemRow>(begin), vectors.subspan(begin * dim, rows * dim)));
  }
  return longer;
}

size_t Delta::Search(std::span<const float> query, const ItemFilter& filter, const Bits* hidden,
                     size_t found, std::span<ScoredItem> results) const {
  if (chunks_.empty() || results.empty()) return found;
  thread_local QueryCode code;
  thread_local std::vector<ScoredItem> all;
  code.Assign(query);
  all.assign(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(found));
  const float least =
      found < results.size() ? -std::numeric_limits<float>::infinity() : results.back().score;
  for (const auto& chunk : chunks_) chunk->Search(query, code, filter, hidden, least, all);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(found);
  std::sort(middle, all.end(), RanksBefore);
  std::inplace_merge(all.begin(), middle, all.end(), RanksBefore);
  const size_t count = std::min(results.size(), all.size());
  std::copy_n(all.begin(), count, results.begin());
  return count;
}

}  // namespace shortlist
