// Rankers that are judged beside one another: the one that is served, and what it is held against.
#pragma once

#include <string>

#include "ranking/logistic_ranker.h"

namespace shortlist {

// The ranker, or one that was to do without some of its features, whose weights are 0.
struct RankerVariant {
  std::string name;
  LogisticWeights weights;
};

// Names of variants.
inline constexpr char kWholeRanker[] = "two_stage";
inline constexpr char kTowerScoreAlone[] = "tower_score_alone";
inline constexpr char kPopularityAlone[] = "popularity_alone";
inline constexpr char kWithoutCrosses[] = "without_crosses";

}  // namespace shortlist
