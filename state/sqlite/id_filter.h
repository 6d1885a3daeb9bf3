// Says of most hashes that were never added that they were not, without a look into the file: a
// Bloom filter whose bits of one hash are in one cache line. 12 bits an id; it is wrong of about
// one in a hundred.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"

namespace shortlist {

class IdFilter {
 public:
  // For so many ids.
  explicit IdFilter(size_t ids);

  void Add(absl::uint128 id);
  // Whether the id may have been added; true of each that was.
  bool MayContain(absl::uint128 id) const;

  size_t bytes() const { return lines_.size() * sizeof(Line); }

 private:
  struct alignas(64) Line {
    std::array<uint64_t, 8> words;
  };
  size_t LineOf(absl::uint128 id) const;

  std::vector<Line> lines_;
};

}  // namespace shortlist
