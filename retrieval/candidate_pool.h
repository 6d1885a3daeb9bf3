// The best of a stream of scored positions, roughly: at least `size` of them, and few more. A
// histogram of the scores tells from which score on an entry can still be among the best, so that
// adding one costs next to nothing. Not thread-safe; reused from search to search without
// allocating.
//
//   pool.Reset(600, lowest, highest);
//   for each batch of at most kMaxBatch:
//     for each score >= pool.least(): pool.Add(position, score);
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
    int32_t score;
  };
  static constexpr size_t kMaxBatch = 1024;

  // `lowest`, `highest`: where scores are expected to lie; others are right, but slow.
  void Reset(size_t size, int64_t lowest, int64_t highest);

  // The least score that is of interest.
  int32_t least() const { return least_; }
  // Whether `size` entries have been seen: until then everything is of interest.
  bool full() const { return counted_ >= size_; }

  // `score` must be at least least().
  void Add(uint32_t position, int32_t score) {
    entries_[count_++] = {position, score};
    ++histogram_[Bucket(score)];
    ++counted_;
  }
  // To be called after at most kMaxBatch calls of Add.
  void EndBatch();

  // All entries if fewer than `size` were added; otherwise at least `size` of them, the best, in
  // no order. Valid until Reset.
  std::span<const Entry> Finish();

 private:
  static constexpr size_t kBuckets = 2048;

  size_t Bucket(int32_t score) const {
    const int64_t bucket = (score - lowest_) >> shift_;
    return static_cast<size_t>(std::clamp<int64_t>(bucket, 0, kBuckets - 1));
  }
  void DropUninteresting();
  void KeepExactlySize();

  size_t size_ = 0;
  int64_t lowest_ = 0;
  int shift_ = 0;
  int32_t least_ = std::numeric_limits<int32_t>::min();
  // The lowest bucket of interest, and the number of entries in it and above.
  size_t floor_ = 0;
  size_t counted_ = 0;
  std::vector<uint32_t> histogram_;
  std::vector<Entry> entries_;  // The first count_ are in use.
  size_t count_ = 0;
};

}  // namespace shortlist
