// Trains the logistic ranker on what retrieval really returns: for each user, the candidates of
// the request just before their validation interactions, labelled by whether the user went on to
// interact with them in validation. Towers, co-occurrence and history have not seen those
// interactions; popularity counts only what happened before the request.
//
// Every positive is kept; of the negatives of a request a sample is, weighted up in proportion, so
// that probabilities stay those of the whole list. L2-regularised, solved by L-BFGS; the strength
// is the best on a fifth of the users, on which Platt's calibration is fitted too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "features/feature_spec.h"
#include "model/bundle.h"
#include "ranking/logistic_ranker.h"
#include "training/dataset.h"
#include "training/user_sequences.h"

namespace shortlist {

struct RankerOptions {
  size_t candidates = 500;
  size_t max_requests = 10'000;
  size_t negatives_per_request = 200;
  uint64_t seed = 1;
};

struct RankerTrainingResult {
  FeatureSpec spec;  // With the standardisation learned.
  LogisticWeights weights;
  size_t requests = 0;
  size_t examples = 0;
  size_t positives = 0;
  double l2 = 0;
  // On the held-out fifth, per example, negatives weighted: with the ranker, and with the
  // positives' share as only knowledge.
  double log_loss = 0;
  double base_log_loss = 0;
};

// `bundle` has its retrieval part loaded, made from the training part of the sequences. Its
// statistics are not used. FAILED_PRECONDITION when no candidate of any request is a positive.
absl::StatusOr<RankerTrainingResult> TrainRanker(const Dataset& dataset,
                                                 std::span<const UserSequence> sequences,
                                                 const Bundle& bundle, const RankerOptions& options,
                                                 WorkerPool& pool);

}  // namespace shortlist
