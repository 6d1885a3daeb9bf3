// Counts how many different ids there are, in memory that does not grow with their number: exactly
// up to kMaxKept, beyond that to about 0.2 percent.
//
// Adaptive sampling (M. Wegman; P. Flajolet, On Adaptive Sampling, Computing 43, 1990): what is
// kept are the hashes that end in `depth` zero bits, with one more bit whenever there are too many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/container/flat_hash_set.h"

namespace shortlist {

class DistinctCounter {
 public:
  static constexpr size_t kMaxKept = 1 << 18;

  void Add(std::string_view id);
  void Add(const DistinctCounter& other);

  uint64_t count() const { return static_cast<uint64_t>(kept_.size()) << depth_; }
  bool exact() const { return depth_ == 0; }

 private:
  // The hashes are as good as random already.
  struct Identity {
    size_t operator()(uint64_t hash) const { return hash; }
  };

  void AddHash(uint64_t hash);
  void Deepen();

  absl::flat_hash_set<uint64_t, Identity> kept_;
  int depth_ = 0;
  uint64_t mask_ = 0;       // Of the bits that must be zero.
  uint64_t last_hash_ = 0;  // Rows of one user often follow each other.
  bool has_last_ = false;
};

}  // namespace shortlist
