// How good the second head is by itself, on what was taken up of the candidates of the requests
// just before the test, and what a value function over both heads (ranking/value_function.h) makes
// of the answers' first ten.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "evaluation/binary_metrics.h"
#include "evaluation/quality/ranker_quality.h"
#include "model/bundle.h"

namespace shortlist {

// The first ten in the order of a value function with interaction_worth 1: means over the requests.
struct ValueQuality {
  float liked_worth = 0;
  double ndcg = 0;        // Every test item is relevant.
  double liked_ndcg = 0;  // Liked ones alone are; over the requests of users who have some.
  double hits = 0;        // Test items among the ten.
  double mean_value = 0;  // Of all hits: their value, such as the rating. 0 without hits.
};

struct LikedQuality {
  size_t examples = 0;     // Candidates that were taken up.
  double liked_share = 0;  // Of these.
  double auc = 0;
  double gauc = 0;  // Within requests, weighed by their examples.
  double log_loss = 0;
  double base_log_loss = 0;  // Of who knows liked_share and no more.
  double ece = 0;            // Expected calibration error, over 10 groups of the same size.
  std::vector<ReliabilityBin> reliability;
  std::vector<ValueQuality> values;  // One for each of the worths, in their order.
};

// `bundle` has both heads and has not seen the test. Without examples where nobody has a test part.
LikedQuality MeasureLikedHead(const Dataset& dataset, std::span<const UserSequence> sequences,
                              const Bundle& bundle, float liked_value,
                              std::span<const float> liked_worths,
                              const RankerQualityOptions& options, WorkerPool& pool);

// Two tables: of the head, and of the value functions, where there are any.
std::string FormatLikedQuality(const LikedQuality& quality);

}  // namespace shortlist
