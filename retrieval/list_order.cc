#include "retrieval/list_order.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace shortlist {
namespace {

constexpr size_t kGroupSize = 16;
// How many groups have a list among the first to be sorted, and by how much that grows.
constexpr size_t kFirstGroups = 48;
constexpr size_t kGrowth = 3;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

std::span<float> ListOrder::Reset(size_t lists) {
  lists_ = lists;
  groups_ = (lists + kGroupSize - 1) / kGroupSize;
  bounds_.resize(groups_ * kGroupSize);
  std::fill(bounds_.begin() + static_cast<std::ptrdiff_t>(lists), bounds_.end(), -kInfinity);
  return std::span(bounds_).first(lists);
}

void ListOrder::Begin() {
  group_bounds_.assign(bounds_.begin(), bounds_.begin() + static_cast<std::ptrdiff_t>(groups_));
  for (size_t i = 1; i < kGroupSize; ++i) {
    const float* bounds = bounds_.data() + i * groups_;
    for (size_t g = 0; g < groups_; ++g) group_bounds_[g] = std::max(group_bounds_[g], bounds[g]);
  }
  cut_ = kInfinity;
  groups_wanted_ = kFirstGroups;
  sorted_.clear();
  next_ = 0;
  SortMore();
}

void ListOrder::Next() {
  ++next_;
  if (done()) SortMore();
}

void ListOrder::SortMore() {
  sorted_.clear();
  next_ = 0;
  while (sorted_.empty() && cut_ > -kInfinity) {
    const float old_cut = cut_;
    cut_ = -kInfinity;
    if (groups_wanted_ < groups_) {
      work_ = group_bounds_;
      auto last = work_.begin() + static_cast<std::ptrdiff_t>(groups_wanted_) - 1;
      std::nth_element(work_.begin(), last, work_.end(), std::greater<>());
      cut_ = *last;
    }
    groups_wanted_ *= kGrowth;
    for (size_t g = 0; g < groups_; ++g) {
      if (group_bounds_[g] < cut_) continue;
      for (size_t list = g; list < lists_; list += groups_) {
        if (bounds_[list] >= cut_ && bounds_[list] < old_cut)
          sorted_.push_back({bounds_[list], static_cast<uint32_t>(list)});
      }
    }
  }
  std::sort(sorted_.begin(), sorted_.end(), [](const Entry& a, const Entry& b) {
    return a.bound != b.bound ? a.bound > b.bound : a.list < b.list;
  });
}

}  // namespace shortlist
