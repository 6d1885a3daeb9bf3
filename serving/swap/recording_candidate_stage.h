// Stage one that keeps some of what it is asked (serving/swap/recorded_queries.h). Thread-safe.
#pragma once

#include <memory>
#include <utility>

#include "pipeline/candidate_stage.h"
#include "serving/swap/recorded_queries.h"

namespace shortlist {

class RecordingCandidateStage : public CandidateStage {
 public:
  // `recorded` must outlive this.
  RecordingCandidateStage(std::unique_ptr<CandidateStage> stage, RecordedQueries& recorded)
      : stage_(std::move(stage)), recorded_(recorded) {}

  absl::StatusOr<CandidateList> Generate(BoundQuery& query, const Budget& budget) const override {
    recorded_.Offer(query.query());
    return stage_->Generate(query, budget);
  }
  absl::StatusOr<CandidateList> FindSimilar(const SimilarItemsQuery& query,
                                            const std::shared_ptr<const Bundle>& bundle,
                                            const Budget& budget) const override {
    return stage_->FindSimilar(query, bundle, budget);
  }

 private:
  const std::unique_ptr<CandidateStage> stage_;
  RecordedQueries& recorded_;
};

}  // namespace shortlist
