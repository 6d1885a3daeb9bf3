// The positions of an item index that pass a filter: as a list where they are few, as one bit an
// item otherwise. Reused from search to search without allocating. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/bits.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/index/item_order.h"

namespace shortlist {

class PassingPositions {
 public:
  // One of the two must be called before what it is for. Fast when the filter was compiled for
  // this order, or restricts nothing but excludes some rows.
  void AssignList(const ItemFilter& filter, const ItemOrder& order);
  void AssignBits(const ItemFilter& filter, const ItemOrder& order);

  // Ascending.
  std::span<const uint32_t> list() const { return list_; }

  bool Test(uint32_t position) const { return bits_.Test(position); }
  // Writes those in [begin, end), ascending, to `positions`, and returns their number.
  size_t Collect(uint32_t begin, uint32_t end, uint32_t* positions) const;

 private:
  void AssignExcluded(const ItemFilter& filter, const ItemOrder& order);
  void AddToList(const Roaring& rows, const ItemOrder& order);
  void SetAll(const Roaring& positions);

  std::vector<uint32_t> list_;
  std::vector<uint32_t> excluded_;  // Positions, ascending.
  Bits bits_;
  // Whether bits_ has all positions but excluded_: the usual case, in which they are kept for the
  // next search.
  bool all_but_excluded_ = false;
};

}  // namespace shortlist
