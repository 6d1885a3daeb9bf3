// Lists by the best score that can be expected of them, largest first. Sorted bit by bit as far as
// the search goes, which looks at a small part of the lists only. Not thread-safe; reused from
// search to search without allocating.
//
//   std::span<float> bounds = order.Reset(lists);   // to be filled in
//   order.Begin();
//   while (!order.done()) { Scan(order.list(), order.bound()); order.Next(); }
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace shortlist {

class ListOrder {
 public:
  // Room for one bound a list, all of which must be written, and none of which may be NaN.
  std::span<float> Reset(size_t lists);
  void Begin();

  bool done() const { return next_ == sorted_.size(); }
  uint32_t list() const { return sorted_[next_].list; }
  float bound() const { return sorted_[next_].bound; }
  void Next();
  // The list after this one; this one where that is not known yet.
  uint32_t next_list() const {
    return sorted_[next_ + 1 < sorted_.size() ? next_ + 1 : next_].list;
  }

 private:
  struct Entry {
    float bound;
    uint32_t list;
  };
  void SortMore();

  size_t lists_ = 0;
  // Of lists g, g + groups, g + 2 groups ... the largest bound is group_bounds_[g].
  size_t groups_ = 0;
  std::vector<float> bounds_;  // Padded to whole groups with minus infinity.
  std::vector<float> group_bounds_;
  std::vector<float> work_;
  // The lists with bounds of at least cut_ are sorted, up to those sorted before.
  float cut_ = 0;
  size_t groups_wanted_ = 0;
  std::vector<Entry> sorted_;
  size_t next_ = 0;
};

}  // namespace shortlist
