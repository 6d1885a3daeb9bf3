// One bit for each of a number of things, such as the rows of a catalog or the positions of an
// index. Thread-safe while it is not changed.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace shortlist {

class Bits {
 public:
  Bits() = default;
  // All clear.
  explicit Bits(size_t count) : words_((count + 63) / 64, 0) {}

  void Set(uint32_t i) { words_[i / 64] |= uint64_t{1} << (i % 64); }
  void Clear(uint32_t i) { words_[i / 64] &= ~(uint64_t{1} << (i % 64)); }
  bool Test(uint32_t i) const { return (words_[i / 64] >> (i % 64) & 1) != 0; }
  // Room for so many; new ones are clear.
  void Grow(size_t count) { words_.resize((count + 63) / 64, 0); }

  // Calls visit(i) for each that is set, ascending.
  template <class Visit>
  void ForEach(const Visit& visit) const {
    for (uint32_t w = 0; w < words_.size(); ++w)
      for (uint64_t word = words_[w]; word != 0; word &= word - 1)
        visit(64 * w + static_cast<uint32_t>(std::countr_zero(word)));
  }

  // 64 a word, the first in the lowest bit.
  std::vector<uint64_t>& words() { return words_; }
  const std::vector<uint64_t>& words() const { return words_; }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace shortlist
