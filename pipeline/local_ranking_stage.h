// Stage two in this process.
#pragma once

#include "pipeline/ranking_observer.h"
#include "pipeline/ranking_stage.h"

namespace shortlist {

class LocalRankingStage : public RankingStage {
 public:
  // `observer`, which must outlive this, sees every request that is scored; null: nobody does.
  explicit LocalRankingStage(RankingObserver* observer = nullptr) : observer_(observer) {}

  absl::StatusOr<Scores> Rank(BoundQuery& query, std::span<const Candidate> candidates, bool liked,
                              const Budget& budget) const override;
  absl::StatusOr<std::vector<Explanation>> Explain(BoundQuery& query,
                                                   std::span<const Candidate> candidates,
                                                   std::span<const CandidateToExplain> wanted,
                                                   const Budget& budget) const override;

 private:
  RankingObserver* observer_;
};

}  // namespace shortlist
