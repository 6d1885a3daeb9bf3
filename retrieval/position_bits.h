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
  bool Test(uint32_t position) const { return (words_[position / 64] >> (position % 64) & 1) != 0; }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace shortlist
