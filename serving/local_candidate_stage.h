// Stage one in this process. Stateless.
#pragma once

#include "serving/candidate_stage.h"

namespace shortlist {

class LocalCandidateStage : public CandidateStage {
 public:
  // INVALID_ARGUMENT names the field of a filter that does not fit the bundle.
  absl::Status Generate(const v1::GenerateCandidatesRequest& request, const StageCall& call,
                        v1::GenerateCandidatesResponse& response) const override;
};

}  // namespace shortlist
