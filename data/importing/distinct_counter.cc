#include "data/importing/distinct_counter.h"

#include <xxhash.h>

#include <algorithm>

namespace shortlist {

void DistinctCounter::Add(std::string_view id) {
  const uint64_t hash = ::XXH3_64bits(id.data(), id.size());
  if (has_last_ && hash == last_hash_) return;
  last_hash_ = hash;
  has_last_ = true;
  AddHash(hash);
}

void DistinctCounter::Add(const DistinctCounter& other) {
  while (depth_ < other.depth_) Deepen();
  for (uint64_t hash : other.kept_) AddHash(hash);
}

void DistinctCounter::AddHash(uint64_t hash) {
  if ((hash & mask_) != 0) return;
  kept_.insert(hash);
  while (kept_.size() > kMaxKept) Deepen();
}

void DistinctCounter::Deepen() {
  ++depth_;
  mask_ = (uint64_t{1} << depth_) - 1;
  absl::erase_if(kept_, [this](uint64_t hash) { return (hash & mask_) != 0; });
}

}  // namespace shortlist
