// One bit for every position of an item index. Thread-safe while it is not changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace shortlist {

class PositionBits {
 public:
  PositionBits() = default;
  // All clear.
  explicit PositionBits(size_t positions) : words_((positions + 63) / 64, 0) {}

  void Set(uint32_t position) { words_[position / 64] |= uint64_t{1} << (position % 64); }
  void Clear(uint32_t position) { words_[position / 64] &= ~(uint64_t{1} << (position % 64)); }
  bool Test(uint32_t position) const { return (words_[position / 64] >> (position % 64) & 1) != 0; }

  // 64 positions a word, the first in the lowest bit.
  std::vector<uint64_t>& words() { return words_; }
  const std::vector<uint64_t>& words() const { return words_; }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace shortlist
