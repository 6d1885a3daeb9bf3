// Stage one in this process. Stateless.
#pragma once

#include "pipeline/candidate_stage.h"

namespace shortlist {

class LocalCandidateStage : public CandidateStage {
 public:
  absl::StatusOr<CandidateList> Generate(BoundQuery& query, const Budget& budget) const override;
  absl::StatusOr<CandidateList> FindSimilar(const SimilarItemsQuery& query,
                                            const std::shared_ptr<const Bundle>& bundle,
                                            const Budget& budget) const override;
};

}  // namespace shortlist
