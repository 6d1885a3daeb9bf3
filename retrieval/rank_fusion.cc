#include "retrieval/rank_fusion.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace shortlist {

std::vector<ScoredItem> FuseRanks(std::span<const ScoredItem> first,
                                  std::span<const ScoredItem> second, size_t k) {
  absl::flat_hash_map<ItemRow, float> scores;
  for (const std::span<const ScoredItem> list : {first, second})
    for (size_t place = 0; place < list.size(); ++place)
      scores[list[place].item] +=
          (kFusionOffset + 1) / 2 / (kFusionOffset + 1 + static_cast<float>(place));
  std::vector<ScoredItem> fused;
  fused.reserve(scores.size());
  for (const auto& [item, score] : scores) fused.push_back({item, score});
  std::sort(fused.begin(), fused.end(), RanksBefore);
  fused.resize(std::min(k, fused.size()));
  return fused;
}

}  // namespace shortlist
