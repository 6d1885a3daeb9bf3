// One evaluation repeated with several seeds: what of its figures is chance of training. Means and
// standard deviations over seeds; the split is the same for all.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "evaluation/evaluator.h"

namespace shortlist {

// Of one value a seed.
struct SeedFigure {
  std::string name;
  double mean = 0;
  double deviation = 0;  // Standard deviation of the sample (n - 1); 0 of a single seed.
};

struct SeedRow {
  std::string model;
  std::vector<SeedFigure> metrics;
};

// Of Evaluation::comparisons: the difference of two models' means, both of the same seed.
struct SeedDifference {
  std::string model;
  std::string baseline;
  SeedFigure difference;
  double ratio = 0;   // Of the means over seeds.
  size_t better = 0;  // Seeds in which it is above 0.
};

struct SeedSummary {
  size_t seeds = 0;
  std::vector<size_t> cutoffs;
  std::string compared;                     // The metric of the differences.
  std::vector<SeedRow> rows;                // Models that every seed has, with its metrics.
  std::vector<SeedDifference> differences;  // Likewise.
};

// `evaluations`: one a seed, at least one, of the same cutoffs and metrics.
SeedSummary SummariseSeeds(std::span<const Evaluation> evaluations);

// A table of means, standard deviations in brackets, for each cutoff, and one of the differences.
std::string FormatSeeds(const SeedSummary& summary, const std::string& caption);

}  // namespace shortlist
