// A hash table of the positions of strings that were added to a table: open addressing, filled by
// one writer while others look things up. A table that has become too full is not emptied but
// replaced by a larger one; who looks things up in the old one has what was there.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace shortlist {

class AddedSlots {
 public:
  static constexpr uint32_t kEmpty = std::numeric_limits<uint32_t>::max();

  // Room for `count` positions, at most half full.
  explicit AddedSlots(size_t count) : slots_(std::bit_ceil(2 * count + 2)) {
    for (std::atomic<uint32_t>& slot : slots_) slot.store(kEmpty, std::memory_order_relaxed);
  }

  bool IsFull() const { return 2 * (count_ + 1) > slots_.size(); }
  // The table must not be full.
  void Add(size_t hash, uint32_t position) {
    size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot].load(std::memory_order_relaxed) != kEmpty)
      slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot].store(position, std::memory_order_release);
    ++count_;
  }
  // Calls visit(position) for all positions of that hash, and others.
  template <class Visit>
  void ForEach(size_t hash, const Visit& visit) const {
    for (size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
      const uint32_t position = slots_[slot].load(std::memory_order_acquire);
      if (position == kEmpty) return;
      visit(position);
    }
  }
  // All of them, in no order. For the writer.
  template <class Visit>
  void ForEach(const Visit& visit) const {
    for (const std::atomic<uint32_t>& slot : slots_)
      if (const uint32_t position = slot.load(std::memory_order_relaxed); position != kEmpty)
        visit(position);
  }

 private:
  std::vector<std::atomic<uint32_t>> slots_;
  size_t count_ = 0;
};

}  // namespace shortlist
