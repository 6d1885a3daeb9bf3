#include "retrieval/index/list_order.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace shortlist {
namespace {

constexpr size_t kGroupSize = 16;
// How many groups have a list in the first round, and by how much that grows.
constexpr size_t kFirstGroups = 12;
constexpr size_t kGrowth = 2;
constexpr float kNoBound = std::numeric_limits<float>::infinity();

}  // namespace

std::span<float> ListOrder::Reset(size_t lists) {
  lists_ = lists;
  groups_ = (lists + kGroupSize - 1) / kGroupSize;
  bounds_.resize(groups_ * kGroupSize);
  std::fill(bounds_.begin() + static_cast<std::ptrdiff_t>(lists), bounds_.end(), -kNoBound);
  cut_ = kNoBound;
  groups_wanted_ = 0;
  return std::span(bounds_).first(lists);
}

std::span<const uint32_t> ListOrder::Next(float least) {
  if (groups_wanted_ == 0) {
    group_bounds_.assign(bounds_.begin(), bounds_.begin() + static_cast<std::ptrdiff_t>(groups_));
    for (size_t i = 1; i < kGroupSize; ++i) {
      const float* bounds = bounds_.data() + i * groups_;
      for (size_t g = 0; g < groups_; ++g) group_bounds_[g] = std::max(group_bounds_[g], bounds[g]);
    }
    groups_wanted_ = kFirstGroups;
    round_.resize(lists_ + 1);
  }
  size_t found = 0;
  while (found == 0 && cut_ > least) {
    const float old_cut = cut_;
    cut_ = std::max(least, BoundOfGroup(groups_wanted_));
    groups_wanted_ *= kGrowth;
    for (size_t g = 0; g < groups_; ++g) {
      if (group_bounds_[g] < cut_) continue;
      for (size_t list = g; list < lists_; list += groups_) {
        round_[found] = static_cast<uint32_t>(list);
        found += bounds_[list] >= cut_ && bounds_[list] < old_cut;
      }
    }
  }
  return std::span<const uint32_t>(round_).first(found);
}

// The rank-th largest; minus infinity when there are no more.
float ListOrder::BoundOfGroup(size_t rank) {
  if (rank >= groups_) return -kNoBound;  // The last group may have lists of any bound.
  work_ = group_bounds_;
  const auto last = work_.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
  std::nth_element(work_.begin(), last, work_.end(), std::greater<>());
  return *last;
}

}  // namespace shortlist
