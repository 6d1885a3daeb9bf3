#include "retrieval/index/candidate_pool.h"

#include <algorithm>
#include <cmath>

namespace shortlist {

void CandidatePool::Reset(size_t size, float lowest, float highest, Keep keep) {
  size_ = size;
  keep_ = keep;
  lowest_ = lowest;
  buckets_per_unit_ = static_cast<float>(kBuckets) / std::max(highest - lowest, 1e-30F);
  least_ = -std::numeric_limits<float>::infinity();
  floor_ = counted_ = count_ = 0;
  histogram_.assign(kBuckets, 0);
  room_ = 4 * (size + kMaxBatch);
  if (entries_.size() < room_) entries_.resize(room_);
}

void CandidatePool::EndBatch() {
  if (counted_ >= size_) {
    while (floor_ + 1 < kBuckets && counted_ - histogram_[floor_] >= size_)
      counted_ -= histogram_[floor_++];
    // A little less, because the bucket of a score at the edge is a matter of rounding. What is
    // below all buckets is in the first.
    if (floor_ > 0)
      least_ =
          std::max(least_, lowest_ + (static_cast<float>(floor_) - 0.001F) / buckets_per_unit_);
  }
  if (count_ + kMaxBatch > room_) {
    DropUninteresting();
    if (count_ <= room_ / 2) return;
    if (keep_ == Keep::kFew) return KeepExactlySize();
    room_ *= 2;
    if (entries_.size() < room_) entries_.resize(room_);
  }
}

std::span<const CandidatePool::Entry> CandidatePool::Finish() {
  DropUninteresting();
  return std::span<const Entry>(entries_).first(count_);
}

void CandidatePool::DropUninteresting() {
  // Which ones it hits is as good as random: no branches.
  size_t kept = 0;
  for (size_t i = 0; i < count_; ++i) {
    const Entry entry = entries_[i];
    entries_[kept] = entry;
    kept += entry.score >= least_;
  }
  count_ = kept;
}

void CandidatePool::KeepExactlySize() {
  auto begin = entries_.begin();
  auto last = begin + static_cast<std::ptrdiff_t>(size_) - 1;
  std::nth_element(begin, last, begin + static_cast<std::ptrdiff_t>(count_),
                   [](const Entry& a, const Entry& b) {
                     return a.score != b.score ? a.score > b.score : a.position < b.position;
                   });
  count_ = size_;
  least_ = std::max(least_, last->score);
  std::fill(histogram_.begin(), histogram_.end(), 0);
  floor_ = 0;
  for (size_t i = 0; i < count_; ++i) ++histogram_[Bucket(entries_[i].score)];
  counted_ = size_;
}

}  // namespace shortlist
