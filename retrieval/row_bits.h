// The items that pass a filter, one bit an item: what a search asks for thousands of rows. Reused
// from search to search without allocating. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "features/catalog.h"
#include "retrieval/item_filter.h"

namespace shortlist {

class RowBits {
 public:
  // Costs item_count / 8 bytes of memory writes, and little for every row that is not in a dense
  // part of the filter.
  void Assign(const ItemFilter& filter, uint32_t item_count);

  bool Test(ItemRow row) const { return (words_[row / 64] >> (row % 64) & 1) != 0; }

 private:
  void Set(ItemRow row) { words_[row / 64] |= uint64_t{1} << (row % 64); }
  void Clear(ItemRow row) { words_[row / 64] &= ~(uint64_t{1} << (row % 64)); }
  void SetAll(const Roaring& rows);

  std::vector<uint64_t> words_;
};

}  // namespace shortlist
