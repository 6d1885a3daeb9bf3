// A small hash map from item rows to values for the length of a request: the entries one after the
// other, and a table of their places by open addressing. Most rows that are looked up are not
// there, or new: the table is at most a quarter full, so that an empty slot nearly always says so
// at once, and the processor guesses it. Not thread-safe.
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
    ItemRow row;
    Value value;
  };

  // For at most `most` rows.
  explicit RowMap(size_t most)
      : slots_(std::bit_ceil(4 * most + 2)), shift_(32 - std::countr_zero(slots_.size())) {
    entries_.reserve(most);
  }

  // The row's value, which is made if it is not there.
  Value& operator[](ItemRow row) {
    uint32_t& slot = slots_[SlotOf(row)];
    if (slot == kEmpty) {
      entries_.push_back({row, Value{}});
      slot = static_cast<uint32_t>(entries_.size());
    }
    return entries_[slot - 1].value;
  }
  // Null when the row is not there.
  Value* Find(ItemRow row) {
    const uint32_t slot = slots_[SlotOf(row)];
    return slot == kEmpty ? nullptr : &entries_[slot - 1].value;
  }
  const Value* Find(ItemRow row) const { return const_cast<RowMap*>(this)->Find(row); }

  // In the order in which they were made.
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  static constexpr uint32_t kEmpty = 0;

  size_t SlotOf(ItemRow row) const {
    size_t slot = (row * 0x9E3779B1U) >> shift_;  // Multiplicative hashing (Knuth).
    while (slots_[slot] != kEmpty && entries_[slots_[slot] - 1].row != row)
      slot = (slot + 1) & (slots_.size() - 1);
    return slot;
  }

  std::vector<uint32_t> slots_;  // Places in entries_, from 1.
  std::vector<Entry> entries_;
  int shift_;
};

}  // namespace shortlist
