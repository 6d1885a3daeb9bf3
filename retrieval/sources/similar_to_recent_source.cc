#include "retrieval/sources/similar_to_recent_source.h"

#include <algorithm>
#include <span>

#include "retrieval/index/sort_key.h"
#include "retrieval/sorted_in_parts.h"

namespace shortlist {
namespace {

// Items of the history whose neighbours are on their way from memory.
constexpr size_t kAhead = 4;
// Of the best, for each one asked for.
constexpr size_t kLookedAt = 2;

}  // namespace

std::vector<ItemRow> SimilarToRecentSource::Retrieve(const CandidateQuery& query, size_t k) const {
  const std::span<const HistoryEntry> history = query.user.history;
  const size_t length = std::min(similarity_.weights().size(), history.size());
  const size_t width = similarity_.width();
  RowMap<float> sums(length * width);
  auto row_of = [&](size_t age) { return history[history.size() - 1 - age].item * width; };
  for (size_t age = 0; age < length; ++age) {
    const float weight = similarity_.weights()[age];
    const size_t next = row_of(std::min(age + kAhead, length - 1));
    for (size_t n = 0; n < width; n += 16) {
      __builtin_prefetch(&similarity_.all_items()[next + n]);
      __builtin_prefetch(&similarity_.all_scores()[next + n]);
    }
    for (size_t entry = row_of(age); entry < row_of(age) + width; ++entry) {
      const ItemRow item = similarity_.all_items()[entry];
      if (item == kNoItem) break;
      sums[item] += weight * similarity_.all_scores()[entry];
    }
  }
  thread_local std::vector<uint64_t> keys;
  keys.resize(sums.entries().size());
  std::transform(sums.entries().begin(), sums.entries().end(), keys.begin(),
                 [](const auto& entry) { return SortKey(entry.value, entry.row); });
  // Any number of the best may be left out; without a filter it is rarely half of them.
  SortedInParts sorted(keys, kLookedAt * k);
  return FirstPassing(
      query, keys.size(), [&](size_t i) { return catalog_.Current(FromSortKey(sorted[i]).item); },
      k);
}

}  // namespace shortlist
