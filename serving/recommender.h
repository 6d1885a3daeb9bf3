// A Recommend or SimilarItems request from beginning to end: checks it, reads the user's state,
// asks the pipeline, has the answer recorded. Plain code that needs no server; the pipeline's
// stages may be in this process or in others.
//
// Const and thread-safe; refers to its parts, which must outlive it.
//
//   Recommender recommender({.bundles = &bundles, .states = &states, .pipeline = &pipeline},
//   clock); RETURN_IF_ERROR(recommender.Recommend(request, budget, response));
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "model/bundle_registry.h"
#include "pipeline/budget.h"
#include "pipeline/pipeline.h"
#include "serving/events/frequency_cap.h"
#include "serving/events/served_answer_recorder.h"
#include "serving/rung_log.h"
#include "serving/state_outage_log.h"
#include "shortlist/v1/recommender.pb.h"
#include "state/user_state_store.h"

namespace shortlist {

class Recommender {
 public:
  struct Parts {
    const BundleRegistry* bundles;
    const UserStateStore* states;
    const Pipeline* pipeline;
    ServedAnswerRecorder* answers = nullptr;  // Null: answers are not recorded.
    FrequencyCap frequency_cap = {};          // Of requests that have none of their own.
    // For how long states remember what was shown; none: they do not.
    absl::Duration showings_kept = {};
  };
  Recommender(const Parts& parts, const Clock& clock) : parts_(parts), clock_(clock) {}

  // Fill in `response`, which is empty. Errors are those of recommender.proto.
  absl::Status Recommend(const v1::RecommendRequest& request, const Budget& budget,
                         v1::RecommendResponse& response) const;
  absl::Status SimilarItems(const v1::SimilarItemsRequest& request, const Budget& budget,
                            v1::SimilarItemsResponse& response) const;

  // Of the answers to Recommend.
  const RungLog& rung_log() const { return rung_log_; }

 private:
  // From the bundle or, while a stage in another process does not have it yet, from the one before;
  // without the stages where they have neither.
  absl::StatusOr<Answer> Run(const Query& query, const std::shared_ptr<const Bundle>& bundle,
                             const Budget& budget) const;
  // The request's, or the configuration's. INVALID_ARGUMENT: states do not remember enough for it.
  absl::StatusOr<FrequencyCap> CapOf(const v1::RecommendRequest& request) const;
  // Sets state_unavailable of the response where that is so.
  absl::StatusOr<UserState> ReadUser(const v1::RecommendRequest& request, const Bundle& bundle,
                                     const Budget& budget, v1::RecommendResponse& response) const;

  Parts parts_;
  const Clock& clock_;
  mutable StateOutageLog outage_log_;
  mutable RungLog rung_log_;
};

}  // namespace shortlist
