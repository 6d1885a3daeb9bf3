#include "retrieval/similar_to_recent_source.h"

#include <algorithm>
#include <span>

#include "absl/container/flat_hash_map.h"
#include "retrieval/top_items.h"

namespace shortlist {
namespace {

constexpr size_t kRecentItems = 20;
// What an item's neighbours weigh, compared with those of the next item in the history.
constexpr float kDecay = 0.9F;

}  // namespace

std::vector<ItemRow> SimilarToRecentSource::Retrieve(const CandidateQuery& query, size_t k) const {
  if (k == 0) return {};
  absl::flat_hash_map<ItemRow, float> scores;
  std::span<const HistoryEntry> history = query.user.history;
  float weight = 1;
  for (size_t age = 0; age < std::min(kRecentItems, history.size()); ++age, weight *= kDecay) {
    ItemRow recent = history[history.size() - 1 - age].item;
    std::span<const ItemRow> neighbours = similarity_.neighbours(recent);
    std::span<const float> similarities = similarity_.scores(recent);
    for (size_t i = 0; i < neighbours.size(); ++i)
      scores[neighbours[i]] += weight * similarities[i];
  }
  TopItems top(k);
  for (auto [item, score] : scores) {
    if (query.filter.Passes(item)) top.Add({item, score});
  }
  std::vector<ItemRow> rows;
  for (const ScoredItem& found : std::move(top).Take()) rows.push_back(found.item);
  return rows;
}

}  // namespace shortlist
