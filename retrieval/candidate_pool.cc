#include "retrieval/candidate_pool.h"

#include <algorithm>

namespace shortlist {

void CandidatePool::Reset(size_t size, int64_t lowest, int64_t highest) {
  size_ = size;
  lowest_ = lowest;
  shift_ = 0;
  while ((highest - lowest) >> shift_ >= static_cast<int64_t>(kBuckets)) ++shift_;
  least_ = std::numeric_limits<int32_t>::min();
  floor_ = counted_ = count_ = 0;
  histogram_.assign(kBuckets, 0);
  if (entries_.size() < 4 * (size + kMaxBatch)) entries_.resize(4 * (size + kMaxBatch));
}

void CandidatePool::EndBatch() {
  if (counted_ >= size_) {
    const size_t old_floor = floor_;
    while (counted_ - histogram_[floor_] >= size_) counted_ -= histogram_[floor_++];
    if (floor_ != old_floor)
      least_ = std::max(least_,
                        static_cast<int32_t>(lowest_ + (static_cast<int64_t>(floor_) << shift_)));
  }
  if (count_ + kMaxBatch > entries_.size()) {
    DropUninteresting();
    // Many equal scores, which one bucket cannot tell apart.
    if (count_ > entries_.size() / 2) KeepExactlySize();
  }
}

std::span<const CandidatePool::Entry> CandidatePool::Finish() {
  DropUninteresting();
  if (count_ > 2 * size_) KeepExactlySize();
  return std::span<const Entry>(entries_).first(count_);
}

void CandidatePool::DropUninteresting() {
  auto begin = entries_.begin();
  count_ = static_cast<size_t>(
      std::remove_if(begin, begin + static_cast<std::ptrdiff_t>(count_),
                     [&](const Entry& entry) { return Bucket(entry.score) < floor_; }) -
      begin);
}

void CandidatePool::KeepExactlySize() {
  auto begin = entries_.begin();
  auto last = begin + static_cast<std::ptrdiff_t>(size_) - 1;
  std::nth_element(begin, last, begin + static_cast<std::ptrdiff_t>(count_),
                   [](const Entry& a, const Entry& b) {
                     return a.score != b.score ? a.score > b.score : a.position < b.position;
                   });
  count_ = size_;
  if (last->score < std::numeric_limits<int32_t>::max()) least_ = last->score + 1;
  std::fill(histogram_.begin(), histogram_.end(), 0);
  for (size_t i = 0; i < count_; ++i) ++histogram_[Bucket(entries_[i].score)];
  counted_ = size_;
}

}  // namespace shortlist
