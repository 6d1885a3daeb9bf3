// The logistic function and the loss that goes with it, for training and evaluation alike.
#pragma once

#include <cmath>

namespace shortlist {

// The probability that log-odds stand for: 1 / (1 + exp(-logit)).
inline double Sigmoid(double logit) { return 1.0 / (1.0 + std::exp(-logit)); }

// -log of the probability that the logit gives to the label (0 or 1), in nats. Finite for every
// finite logit.
inline double LogLoss(double logit, float label) {
  // log(1 + exp(-z)) without overflow.
  const double z = label > 0 ? logit : -logit;
  return z > 0 ? std::log1p(std::exp(-z)) : -z + std::log1p(std::exp(z));
}

}  // namespace shortlist
