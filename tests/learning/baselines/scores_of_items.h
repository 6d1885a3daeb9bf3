// What a model says of the first so many items after a history.
#pragma once

#include <vector>

#include "evaluation/scoring_model.h"

namespace shortlist {

inline std::vector<float> ScoresOfItems(const ScoringModel& model,
                                        const std::vector<ItemRow>& history, size_t items) {
  std::vector<float> scores(items, 99);
  model.Score(history, scores);
  return scores;
}

}  // namespace shortlist
