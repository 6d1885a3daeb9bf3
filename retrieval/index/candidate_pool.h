// The best of a stream of scored positions, roughly: at least `size` of them, and few more. A
// histogram of the scores tells from which score on an entry can still be among the best, so that
// adding one costs next to nothing. Where scores are known within bounds only, it keeps whatever
// may be among the best. Not thread-safe; reused from search to search without allocating.
//
//   pool.Reset(600, lowest, highest);
//   for each batch of at most kMaxBatch:
//     for each score >= pool.least(): pool.Add({position, score, list}, score);
//     pool.EndBatch();
//   for (const CandidatePool::Entry& entry : pool.Finish()) ...
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace shortlist {

class CandidatePool {
 public:
  struct Entry {
    uint32_t position;
    float score;  // Its upper bound, where it is not known exactly.
    uint32_t list;
  };
  static constexpr size_t kMaxBatch = 1024;

  // What happens to what may be among the best when there is much of it, as when many scores are
  // equal: all is kept, or no more than four times as many as wanted and four batches, which bounds
  // the memory.
  enum class Keep { kAll, kFew };
  // `lowest`, `highest`: where scores are expected to lie; others are right, but slow.
  void Reset(size_t size, float lowest, float highest, Keep keep = Keep::kFew);

  // The least score that is of interest: minus infinity until `size` entries have been seen.
  float least() const { return least_; }

  // `lower_bound` is the least that the entry's score may be.
  void Add(const Entry& entry, float lower_bound) {
    entries_[count_++] = entry;
    const size_t bucket = Bucket(lower_bound);
    if (bucket < floor_) return;
    ++histogram_[bucket];
    ++counted_;
  }
  // To be called after at most kMaxBatch calls of Add.
  void EndBatch();

  // All entries if fewer than `size` were added; otherwise at least `size` of them, the best, in
  // no order. Valid until Reset.
  std::span<const Entry> Finish();

 private:
  static constexpr size_t kBuckets = 2048;

  size_t Bucket(float score) const {
    const float bucket = (score - lowest_) * buckets_per_unit_;
    return static_cast<size_t>(std::clamp(bucket, 0.0F, static_cast<float>(kBuckets - 1)));
  }
  void DropUninteresting();
  void KeepExactlySize();

  size_t size_ = 0;
  Keep keep_ = Keep::kFew;
  float lowest_ = 0;
  float buckets_per_unit_ = 0;
  float least_ = -std::numeric_limits<float>::infinity();
  // The lowest bucket of interest, and the number of lower bounds in it and above.
  size_t floor_ = 0;
  size_t counted_ = 0;
  std::vector<uint32_t> histogram_;
  std::vector<Entry> entries_;  // The first count_ are in use.
  size_t count_ = 0;
  // How many entries there may be. There may be room for more, from another use.
  size_t room_ = 0;
};

}  // namespace shortlist
