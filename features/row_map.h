// A small hash map from item rows to values for the length of a request: open addressing in one
// block of memory, at most half full. Not thread-safe.
//
//   RowMap<float> sums(1000);
//   sums[row] += 0.5F;
//   if (const float* sum = sums.Find(row)) ...
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "features/catalog.h"

namespace shortlist {

template <class Value>
class RowMap {
 public:
  struct Entry {
    ItemRow row = kNoItem;
    Value value{};
  };

  // For at most `most` rows.
  explicit RowMap(size_t most)
      : entries_(std::bit_ceil(2 * most + 2)), shift_(32 - std::countr_zero(entries_.size())) {}

  // The row's value, which is made if it is not there.
  Value& operator[](ItemRow row) {
    Entry& entry = entries_[SlotOf(row)];
    entry.row = row;
    return entry.value;
  }
  // Null when the row is not there.
  Value* Find(ItemRow row) {
    Entry& entry = entries_[SlotOf(row)];
    return entry.row == row ? &entry.value : nullptr;
  }
  const Value* Find(ItemRow row) const { return const_cast<RowMap*>(this)->Find(row); }

  // Those with a row of kNoItem are empty.
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  size_t SlotOf(ItemRow row) const {
    size_t slot = (row * 0x9E3779B1U) >> shift_;  // Multiplicative hashing (Knuth).
    while (entries_[slot].row != row && entries_[slot].row != kNoItem)
      slot = (slot + 1) & (entries_.size() - 1);
    return slot;
  }

  std::vector<Entry> entries_;
  int shift_;
};

}  // namespace shortlist
