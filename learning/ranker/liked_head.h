// The second head: how likely an interaction is to be a liked one, such as a rating of at least 4.
// A logistic regression over the ranker's own features, learned from the candidates that were taken
// up alone, with a strength and a calibration of its own.
//
// With the ranker it says how likely a candidate is to be taken up and liked:
// P(interaction) P(liked | interaction). What that is worth: ranking/value_function.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "data/dataset.h"
#include "learning/ranker/labelled_examples.h"
#include "learning/ranker/logistic_fit.h"
#include "ranking/logistic_ranker.h"

namespace shortlist {

struct LikedHead {
  float liked_value = 0;  // From which value on an interaction is liked.
  LogisticWeights weights;
  size_t examples = 0;
  size_t liked = 0;
  double l2 = 0;
  // On the held-out fifth of the requests, per example: of the head, and with the share of liked
  // ones as only knowledge.
  double log_loss = 0;
  double base_log_loss = 0;
  std::vector<TriedStrength> strengths;
};

// FAILED_PRECONDITION where the values of the data tell nothing apart, to be said before the long
// work.
absl::Status CheckLikedValues(const Dataset& dataset, float liked_value);

// `taken_up`: labelled by whether they are liked, features standardised. `penalties`: by weight, as
// those of LogisticFitOptions. FAILED_PRECONDITION when all labels are equal.
absl::StatusOr<LikedHead> TrainLikedHead(const LabelledExamples& taken_up, float liked_value,
                                         std::span<const float> penalties,
                                         uint64_t spec_fingerprint, WorkerPool& pool);

}  // namespace shortlist
