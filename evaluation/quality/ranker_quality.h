// How good a ranker is by itself: on the candidates that retrieval returns for the requests just
// before the test, beside rankers that know less.
//
// A candidate is a positive if it is among what the user took up next, as many interactions as
// their validation part has: that is what the ranker was trained to foresee, so that probabilities
// can be held against it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "evaluation/binary_metrics.h"
#include "evaluation/ranker_variant.h"
#include "model/bundle.h"

namespace shortlist {

struct RankerQuality {
  std::string name;
  double auc = 0;
  double gauc = 0;      // Within requests, weighed by their candidates.
  double log_loss = 0;  // Per candidate.
  double ece = 0;       // Expected calibration error, over 20 groups of the same size.
  double ndcg = 0;      // At 10, of the candidates in its order; every test item is relevant.
  std::vector<ReliabilityBin> reliability;
};

struct RankerQualityOptions {
  size_t candidates = 500;
  size_t max_requests = 2'000;  // Of more users with a test part a sample is taken.
  uint64_t seed = 1;
};

// Those with a validation and a test part, or a sample of them.
std::vector<uint32_t> UsersToJudgeBy(std::span<const UserSequence> sequences,
                                     const RankerQualityOptions& options);

// The items of the `count` candidates of the largest keys, largest first; equal ones as they stand.
std::vector<ItemRow> BestItems(std::span<const Candidate> candidates, std::span<const double> keys,
                               size_t count);

// One entry a variant, in their order. `bundle` has retrieval and extractor, and has not seen the
// test. Empty when nobody has a test part.
std::vector<RankerQuality> MeasureRankers(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const Bundle& bundle,
                                          std::span<const RankerVariant> variants,
                                          const RankerQualityOptions& options, WorkerPool& pool);

// A table with a row a ranker.
std::string FormatRankers(std::span<const RankerQuality> rankers);

}  // namespace shortlist
