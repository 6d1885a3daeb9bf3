// Metrics of probabilities and their labels. Every list has one entry an example; `scores` may be
// any increasing function of the probability.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace shortlist {

// The probability that a positive has a higher score than a negative, equal scores counting half
// (Hanley and McNeil 1982). 0.5 when all labels are equal.
double Auc(std::span<const double> scores, std::span<const float> labels);

// The mean of Auc over groups, such as requests, weighed by their examples; groups whose labels are
// all equal do not count (Zhu et al. 2017). `groups` is ascending. 0.5 when none counts.
double GroupedAuc(std::span<const double> scores, std::span<const float> labels,
                  std::span<const uint32_t> groups);

// A group of examples of about the same probability.
struct ReliabilityBin {
  size_t examples = 0;
  double predicted = 0;  // Mean probability.
  double observed = 0;   // Share of positives.
};

// The examples in the order of their probability, in `bins` groups of the same size (at most one
// example more or less), lowest first. Without empty groups.
std::vector<ReliabilityBin> Reliability(std::span<const double> probabilities,
                                        std::span<const float> labels, size_t bins);

// Mean over the examples of |predicted - observed| of their group (Naeini et al. 2015, with groups
// of the same size, as nearly all probabilities are small).
double ExpectedCalibrationError(std::span<const ReliabilityBin> bins);

}  // namespace shortlist
