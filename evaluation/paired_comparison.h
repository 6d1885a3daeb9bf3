// Whether one model is better than another for the same users: what is compared is the difference
// of each user's two values of a metric, so that how easy a user is to foresee cancels out.
// Smucker, Allan and Carterette 2007 compare such tests for retrieval: bootstrap and randomisation
// agree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/parallel.h"
#include "evaluation/bootstrap.h"

namespace shortlist {

struct PairedComparison {
  std::string model;
  std::string baseline;
  double difference = 0;  // Of the means over users: model - baseline.
  double ratio = 0;       // Of the same: model / baseline; infinite or NaN where that is 0.
  // 95 % intervals of the paired bootstrap: the same resamples of users for both models. Without
  // resamples they are the values themselves.
  Interval difference_interval;
  Interval ratio_interval;
  double p_value = 1;  // See SignFlipPValue.
};

struct PairedOptions {
  size_t resamples = 1'000;
  size_t permutations = 10'000;
  uint64_t seed = 1;
};

// `model` and `baseline`: a value per user, in the same order. Leaves the names empty.
PairedComparison ComparePaired(std::span<const float> model, std::span<const float> baseline,
                               const PairedOptions& options, WorkerPool& pool);

// Two-sided p-value of Fisher's randomisation test: how often the mean difference would be as far
// from 0 if for each user it were a toss-up which model got which value. Exact for at most 16
// differences that are not 0; otherwise of `permutations` random ones, the observed one counted
// with them (Phipson and Smyth 2010), so never less than 1 / (permutations + 1).
double SignFlipPValue(std::span<const double> differences, size_t permutations, uint64_t seed,
                      WorkerPool& pool);

// A table with a row a comparison.
std::string FormatComparisons(std::span<const PairedComparison> comparisons);

}  // namespace shortlist
