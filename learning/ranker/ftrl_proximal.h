// Logistic regression over a stream of any size: FTRL-Proximal with per-coordinate learning rates
// (McMahan et al., Ad click prediction: a view from the trenches, KDD 2013, algorithm 1). An
// example is learned from once, in time proportional to its features, and forgotten; L1 leaves
// weights that are not worth their while at exactly 0.
//
// Not thread-safe. For examples that fit into memory, learning/ranker/logistic_fit.h has the exact
// optimum; over many passes this goes there, too.
//
//   FtrlProximal learner(width, {.l1 = 1, .l2 = 1});
//   while (...) learner.Learn(features, label, weight);
//   learner.Weight(i); learner.bias();
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "features/feature_extractor.h"

namespace shortlist {

struct FtrlOptions {
  double alpha = 0.1;  // Learning rate of a coordinate that has not been seen.
  double beta = 1;     // What damps it at the beginning.
  // Strengths of the penalties l1 |w| + l2 / 2 |w|^2, which stand beside the sum of the losses of
  // the whole stream, as in LogisticFitOptions. The bias is free.
  double l1 = 0;
  double l2 = 0;
};

class FtrlProximal {
 public:
  // `width`: feature indices are below. `bias` is what the bias starts from.
  FtrlProximal(size_t width, const FtrlOptions& options, double bias = 0);

  // Bias plus weights times features.
  double Logit(std::span<const FeatureValue> features) const;

  // `weight`: how many examples it stands for. Returns the log loss before learning from it, times
  // the weight: summed over a stream, progressive validation.
  double Learn(std::span<const FeatureValue> features, float label, double weight = 1);

  double Weight(size_t index) const { return Solve(coordinates_[index], options_.l1, options_.l2); }
  double bias() const { return bias_start_ + Solve(coordinates_.back(), 0, 0); }

 private:
  struct Coordinate {
    double z = 0;  // Gradients, minus what the proximal terms are centred on.
    double n = 0;  // Squared gradients.
  };
  double Solve(const Coordinate& coordinate, double l1, double l2) const;
  void Update(Coordinate& coordinate, double gradient, double weight) const;

  FtrlOptions options_;
  double bias_start_;
  std::vector<Coordinate> coordinates_;  // The bias last.
};

}  // namespace shortlist
