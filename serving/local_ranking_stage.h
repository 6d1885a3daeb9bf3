// Stage two in this process. Stateless.
#pragma once

#include "serving/ranking_stage.h"

namespace shortlist {

class LocalRankingStage : public RankingStage {
 public:
  // INVALID_ARGUMENT names a row that the bundle does not have.
  absl::Status Rank(const v1::RankRequest& request, const StageCall& call,
                    v1::RankResponse& response) const override;
};

}  // namespace shortlist
