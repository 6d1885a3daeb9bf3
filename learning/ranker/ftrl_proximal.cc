#include "learning/ranker/ftrl_proximal.h"

#include <cmath>

#include "learning/ranker/logistic_fit.h"

namespace shortlist {

FtrlProximal::FtrlProximal(size_t width, const FtrlOptions& options, double bias)
    : options_(options), bias_start_(bias), coordinates_(width + 1) {}

double FtrlProximal::Logit(std::span<const FeatureValue> features) const {
  double logit = bias();
  for (const FeatureValue& value : features) logit += Weight(value.index) * value.value;
  return logit;
}

double FtrlProximal::Learn(std::span<const FeatureValue> features, float label, double weight) {
  const double logit = Logit(features);
  const double slope = weight * (Sigmoid(logit) - label);
  for (const FeatureValue& value : features)
    Update(coordinates_[value.index], slope * value.value, Weight(value.index));
  Update(coordinates_.back(), slope, Solve(coordinates_.back(), 0, 0));
  return weight * LogLoss(logit, label);
}

double FtrlProximal::Solve(const Coordinate& coordinate, double l1, double l2) const {
  if (std::abs(coordinate.z) <= l1) return 0;
  const double beyond = coordinate.z - std::copysign(l1, coordinate.z);
  return -beyond / ((options_.beta + std::sqrt(coordinate.n)) / options_.alpha + l2);
}

void FtrlProximal::Update(Coordinate& coordinate, double gradient, double weight) const {
  const double n = coordinate.n + gradient * gradient;
  const double sigma = (std::sqrt(n) - std::sqrt(coordinate.n)) / options_.alpha;
  coordinate.z += gradient - sigma * weight;
  coordinate.n = n;
}

}  // namespace shortlist
