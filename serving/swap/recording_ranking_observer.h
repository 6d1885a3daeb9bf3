// Keeps some of what stage two is asked, for a process that has no stage one: requests to rank the
// candidates that they came with (serving/swap/recorded_queries.h). Thread-safe.
#pragma once

#include <span>

#include "pipeline/ranking_observer.h"
#include "serving/swap/recorded_queries.h"

namespace shortlist {

class RecordingRankingObserver : public RankingObserver {
 public:
  // Both must outlive this. `next` sees every request, too; null: nobody does.
  RecordingRankingObserver(RecordedQueries& recorded, RankingObserver* next)
      : recorded_(recorded), next_(next) {}

  void OnRank(const BoundQuery& query, std::span<const Candidate> candidates) override;

 private:
  RecordedQueries& recorded_;
  RankingObserver* const next_;
};

}  // namespace shortlist
