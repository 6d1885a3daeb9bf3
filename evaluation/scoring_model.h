// A recommender that scores every item from a user's history alone: what the baselines are.
// Const and thread-safe.
#pragma once

#include <span>

#include "features/catalog.h"

namespace shortlist {

class ScoringModel {
 public:
  virtual ~ScoringModel() = default;

  // Sets scores[i] for every item i; higher is better. `history`: the user's items, none twice.
  virtual void Score(std::span<const ItemRow> history, std::span<float> scores) const = 0;
};

}  // namespace shortlist
