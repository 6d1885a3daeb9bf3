// Trains the logistic ranker on what retrieval really returns: for each user, the candidates of
// the request just before their validation interactions, labelled by whether the user went on to
// interact with them in validation. Towers, co-occurrence and history have not seen those
// interactions; popularity counts only what of training and validation happened before the
// request where times are Unix times, and otherwise the training part.
//
// Every positive is kept; of the negatives of a request a sample is, weighted up in proportion, so
// that probabilities stay those of the whole list. On a fifth of the requests in memory, which is
// held out, the strength of the L2 penalty is chosen and Platt's calibration fitted.
//
// Two solvers. L-BFGS finds the exact solution for examples held in memory: a sample of the
// requests, where there are more than max_requests. It fits what orders the candidates within their
// requests (FitConditionalLogistic), then the weights of what a request's candidates have in common
// to how much of them is taken up. FTRL-Proximal learns once from all requests that are
// not held out, candidate by candidate; in memory is such a sample, which judges and calibrates.
//
// Asked for, a second head is trained on what was taken up: learning/ranker/liked_head.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "evaluation/ranker_variant.h"
#include "features/feature_spec.h"
#include "learning/ranker/liked_head.h"
#include "learning/ranker/logistic_fit.h"
#include "model/bundle.h"
#include "ranking/logistic_ranker.h"

namespace shortlist {

enum class RankerSolver { kLbfgs, kFtrl };

// What is trained beside the ranker, to judge it by. Without kFtrl.
enum class RankerVariants {
  kNone,
  kReferences,  // On the tower's score alone, on popularity alone, and without crosses.
  kAblation,    // Those, and without each group of features.
};

struct RankerOptions {
  // None: one is derived from the attributes of the data.
  std::optional<FeatureSpec> spec;
  size_t candidates = 500;
  size_t max_requests = 10'000;
  size_t negatives_per_request = 200;
  RankerSolver solver = RankerSolver::kLbfgs;
  double l1 = 0;  // Of kFtrl.
  // Interactions of at least this value, such as a rating or what stands for a purchase, are liked.
  // They count this many times in learning; calibration and the metrics take all alike.
  float liked_value = 4;
  float liked_weight = 1;
  // Whether to train a second head: how likely an interaction is to be a liked one.
  bool liked_head = false;
  RankerVariants variants = RankerVariants::kReferences;
};

struct RankerTrainingResult {
  FeatureSpec spec;  // With the standardisation learned.
  LogisticWeights weights;
  // The ranker itself first, then those of options.variants.
  std::vector<RankerVariant> variants;
  // What the weights were learned from.
  size_t requests = 0;
  size_t examples = 0;
  size_t positives = 0;
  double l2 = 0;
  // On the held-out requests, per example, negatives weighted: with the ranker, and with the
  // positives' share as only knowledge.
  double log_loss = 0;
  double base_log_loss = 0;
  std::vector<TriedStrength> strengths;
  // By feature of the spec: the share of the examples that it has a value for.
  std::vector<double> coverage;
  // By feature of the spec: the share of its values that share their weight, by hashing.
  std::vector<double> shared;
  std::optional<LikedHead> liked_head;  // Where options ask for it.
};

// `bundle` has its retrieval part loaded, made from the training part of the sequences. Of
// its statistics only data without times are given the counts. FAILED_PRECONDITION when no
// candidate of any request is a positive, or when the second head is asked for and those that are
// positives are all liked, or all not.
absl::StatusOr<RankerTrainingResult> TrainRanker(const Dataset& dataset,
                                                 std::span<const UserSequence> sequences,
                                                 const Bundle& bundle, const RankerOptions& options,
                                                 uint64_t seed, WorkerPool& pool);

}  // namespace shortlist
