#include "retrieval/similar_to_recent_source.h"

#include <algorithm>
#include <span>
#include <utility>

#include "retrieval/top_items.h"

namespace shortlist {
namespace {

constexpr size_t kRecentItems = 20;
// What an item's neighbours weigh, compared with those of the next item in the history.
constexpr float kDecay = 0.9F;

}  // namespace

std::vector<ItemRow> SimilarToRecentSource::Retrieve(const CandidateQuery& query, size_t k) const {
  const std::span<const HistoryEntry> history = query.user.history;
  const size_t length = std::min(kRecentItems, history.size());
  const size_t width = similarity_.width();
  RowMap<float> sums(length * width);
  auto row_of = [&](size_t age) { return history[history.size() - 1 - age].item * width; };
  float weight = 1;
  for (size_t age = 0; age < length; ++age, weight *= kDecay) {
    const size_t next = row_of(age + 1 < length ? age + 1 : age);
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
  TopItems top(std::max<size_t>(k, 1));
  for (const auto& [item, score] : sums.entries()) {
    // Cheapest question first.
    if (item != kNoItem && top.Wants({item, score}) && query.taken.Find(item) == nullptr &&
        query.filter.Passes(item))
      top.Add({item, score});
  }
  std::vector<ItemRow> rows;
  for (const ScoredItem& found : std::move(top).Take()) rows.push_back(found.item);
  return rows;
}

}  // namespace shortlist
