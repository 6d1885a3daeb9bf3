// Stage two in this process.
#pragma once

#include <vector>

#include "features/candidate.h"
#include "features/encoded_request.h"
#include "serving/feature_log/feature_log.h"
#include "serving/ranking_stage.h"

namespace shortlist {

// The candidates of a request in their order.
std::vector<Candidate> CandidatesOf(const v1::RankRequest& request);

class LocalRankingStage : public RankingStage {
 public:
  // `log`, which must outlive this, is offered every request; null: none.
  explicit LocalRankingStage(FeatureLog* log = nullptr) : log_(log) {}

  // INVALID_ARGUMENT names a row that the bundle does not have, FAILED_PRECONDITION the head.
  absl::Status Rank(const v1::RankRequest& request, const StageCall& call,
                    v1::RankResponse& response) const override;

 private:
  FeatureLog* log_;
};

}  // namespace shortlist
