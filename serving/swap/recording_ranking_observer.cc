#include "serving/swap/recording_ranking_observer.h"

#include <algorithm>
#include <utility>

namespace shortlist {
namespace {

// Enough to compare two rankers by.
constexpr size_t kMostCandidates = 200;

}  // namespace

void RecordingRankingObserver::OnRank(const BoundQuery& query,
                                      std::span<const Candidate> candidates) {
  if (next_ != nullptr) next_->OnRank(query, candidates);
  if (!recorded_.IsWanted()) return;
  Query kept = RecordedQueries::Trimmed(query.query());
  kept.candidate_item_ids.clear();
  for (const Candidate& candidate : candidates.first(std::min(candidates.size(), kMostCandidates)))
    kept.candidate_item_ids.emplace_back(query.bundle().catalog.id(candidate.item));
  recorded_.Keep(std::move(kept));
}

}  // namespace shortlist
