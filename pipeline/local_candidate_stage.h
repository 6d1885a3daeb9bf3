// Stage one in this process.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "pipeline/candidate_stage.h"
#include "retrieval/sources/candidate_mix.h"

namespace shortlist {

class LocalCandidateStage : public CandidateStage {
 public:
  // What `settings` refers to must outlive this.
  explicit LocalCandidateStage(CandidateSettings settings = {}) : settings_(std::move(settings)) {}

  // FAILED_PRECONDITION names the setting that the bundle does not fit.
  absl::Status Check(const Bundle& bundle) const;

  absl::StatusOr<CandidateList> Generate(BoundQuery& query, const Budget& budget) const override;
  absl::StatusOr<CandidateList> FindSimilar(const SimilarItemsQuery& query,
                                            const std::shared_ptr<const Bundle>& bundle,
                                            const Budget& budget) const override;

 private:
  CandidateSettings settings_;
};

}  // namespace shortlist
