// Stage two as the orchestration sees it: in this process, or behind a network. Thread-safe.
#pragma once

#include "absl/status/status.h"
#include "serving/stage_call.h"
#include "shortlist/v1/ranking.pb.h"

namespace shortlist {

class RankingStage {
 public:
  virtual ~RankingStage() = default;

  // Fills in `response`. `request` has passed Validate, and the call's bundle is the one that the
  // request names.
  virtual absl::Status Rank(const v1::RankRequest& request, const StageCall& call,
                            v1::RankResponse& response) const = 0;
};

}  // namespace shortlist
