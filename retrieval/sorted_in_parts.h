// Keys in ascending order, of which often only the first are looked at: those that are likely to be
// are sorted at once, the others when the first of them is asked for. Not thread-safe.
//
//   SortedInParts sorted(keys, /*likely=*/200);
//   for (size_t i = 0; i < keys.size() && !enough; ++i) Use(sorted[i]);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace shortlist {

class SortedInParts {
 public:
  // Orders `keys` in place; they must outlive it. `likely`: so many will probably be looked at.
  SortedInParts(std::span<uint64_t> keys, size_t likely);

  uint64_t operator[](size_t i) {
    if (i >= sorted_) SortTheOthers();
    return keys_[i];
  }

 private:
  void SortTheOthers();

  std::span<uint64_t> keys_;
  size_t sorted_ = 0;  // How many of the first are in their places.
};

}  // namespace shortlist
