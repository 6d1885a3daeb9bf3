#include "retrieval/sorted_in_parts.h"

#include <algorithm>
#include <array>

#include <hwy/contrib/sort/vqsort.h>

namespace shortlist {
namespace {

// Fewer are sorted as a whole.
constexpr size_t kLeastKeys = 256;
// Of so many keys, evenly spaced, one tells how large the first ones are.
constexpr size_t kSample = 64;

void Sort(std::span<uint64_t> keys) {
  thread_local hwy::Sorter sort;
  sort(keys.data(), keys.size(), hwy::SortAscending());
}

// A key that about `wanted` keys are not above.
uint64_t PivotFor(size_t wanted, std::span<const uint64_t> keys) {
  std::array<uint64_t, kSample> sample;
  for (size_t i = 0; i < kSample; ++i) sample[i] = keys[i * keys.size() / kSample];
  const auto pivot = sample.begin() + static_cast<std::ptrdiff_t>(wanted * kSample / keys.size());
  std::nth_element(sample.begin(), pivot, sample.end());
  return *pivot;
}

// Puts the keys that are not above the pivot before the others; how many they are. Which they are
// is as good as random, and so there is no branch.
size_t Partition(uint64_t pivot, std::span<uint64_t> keys) {
  size_t count = 0;
  for (uint64_t& key : keys) {
    const uint64_t here = key;
    key = keys[count];
    keys[count] = here;
    count += here <= pivot;
  }
  return count;
}

}  // namespace

SortedInParts::SortedInParts(std::span<uint64_t> keys, size_t likely) : keys_(keys) {
  if (keys.size() >= kLeastKeys && 2 * likely < keys.size())
    sorted_ = Partition(PivotFor(likely, keys), keys);
  else
    sorted_ = keys.size();
  Sort(keys.first(sorted_));
}

void SortedInParts::SortTheOthers() {
  Sort(keys_.subspan(sorted_));
  sorted_ = keys_.size();
}

}  // namespace shortlist
