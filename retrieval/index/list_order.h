// Lists by the best score that can be expected of them, the most promising first: in rounds, each
// about twice as large as the one before, and in no order within a round. A search looks at a small
// part of the lists only, and sorting them costs more than the few it scans needlessly. Not
// thread-safe; reused from search to search without allocating.
//
//   std::span<float> bounds = order.Reset(lists);   // to be filled in
//   for (auto round = order.Next(least); !round.empty(); round = order.Next(least)) ...
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
  float bound(uint32_t list) const { return bounds_[list]; }

  // The next lists, of those with a bound of at least `least`, which must not fall from call to
  // call. None of the lists left has a larger bound than these. Empty when there are no more.
  std::span<const uint32_t> Next(float least);

 private:
  float BoundOfGroup(size_t rank);

  size_t lists_ = 0;
  // Of lists g, g + groups, g + 2 groups ... the largest bound is group_bounds_[g].
  size_t groups_ = 0;
  std::vector<float> bounds_;  // Padded to whole groups with minus infinity.
  std::vector<float> group_bounds_;
  std::vector<float> work_;
  // Lists with bounds of at least cut_ have been given.
  float cut_ = 0;
  size_t groups_wanted_ = 0;
  std::vector<uint32_t> round_;
};

}  // namespace shortlist
