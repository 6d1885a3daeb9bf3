// Stage one as the orchestration sees it: in this process, or behind a network. Thread-safe.
#pragma once

#include "absl/status/status.h"
#include "serving/stage_call.h"
#include "shortlist/v1/candidate_generation.pb.h"

namespace shortlist {

class CandidateStage {
 public:
  virtual ~CandidateStage() = default;

  // Fills in `response`. `request` has passed Validate. The answer is in rows of the bundle that
  // it names, which may be another than the call's when the stage is in another process.
  virtual absl::Status Generate(const v1::GenerateCandidatesRequest& request, const StageCall& call,
                                v1::GenerateCandidatesResponse& response) const = 0;
};

}  // namespace shortlist
