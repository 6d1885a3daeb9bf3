// The best k of a stream of scored items, in O(1) amortised time an item and room for 2k items.
// Not thread-safe.
//
//   TopItems top(500);
//   for (...) top.Add({row, score});
//   std::vector<ScoredItem> best = std::move(top).Take();
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "retrieval/scored_item.h"

namespace shortlist {

class TopItems {
 public:
  // k is at least 1.
  explicit TopItems(size_t k) : k_(k) { items_.reserve(2 * k); }

  // Whether it could still be among the best.
  bool Wants(const ScoredItem& item) const { return RanksBefore(item, worst_); }
  void Add(const ScoredItem& item) {
    if (!Wants(item)) return;
    items_.push_back(item);
    if (items_.size() == 2 * k_) KeepBest();
  }

  // Best first.
  std::vector<ScoredItem> Take() && {
    if (items_.size() > k_) KeepBest();
    std::sort(items_.begin(), items_.end(), RanksBefore);
    return std::move(items_);
  }

 private:
  void KeepBest() {
    auto worst = items_.begin() + static_cast<std::ptrdiff_t>(k_) - 1;
    std::nth_element(items_.begin(), worst, items_.end(), RanksBefore);
    worst_ = *worst;
    items_.resize(k_);
  }

  size_t k_;
  // The k-th best item so far: what does not rank before it can be dropped at once.
  ScoredItem worst_{kNoItem, -std::numeric_limits<float>::infinity()};
  std::vector<ScoredItem> items_;
};

}  // namespace shortlist
