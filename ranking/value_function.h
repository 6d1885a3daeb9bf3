// What showing a candidate is worth, over the two heads:
//
//   value = P(interaction) (interaction_worth + liked_worth P(liked | interaction))
//
// The default is the probability of an interaction: the ranker's own order.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace shortlist {

struct ValueFunction {
  // Not negative, not both 0.
  float interaction_worth = 1;
  float liked_worth = 0;

  // Whether the order is another than the ranker's, which it is without the second head.
  bool UsesLiked() const { return liked_worth != 0; }

  // log(value). Finite also where float takes a probability for 0.
  float LogValue(float interaction_probability, float liked_probability) const {
    const double value = double{interaction_probability} *
                         (interaction_worth + double{liked_worth} * liked_probability);
    return static_cast<float>(std::log(std::max(value, std::numeric_limits<double>::min())));
  }
};

}  // namespace shortlist
