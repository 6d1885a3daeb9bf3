// What the pipeline says to a query.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "features/candidate.h"
#include "model/bundle.h"
#include "pipeline/ranking_stage.h"
#include "retrieval/sources/cold_start_level.h"

namespace shortlist {

// How much of the full pipeline made an answer, a step of the degradation ladder: the number that
// the enum Rung of proto/shortlist/v1/recommender.proto gives it.
using RungId = int;

struct AnswerItem {
  ItemRow item = kNoItem;
  SourceId source = SourceId::kTwoTower;
  VectorOrigin vector_origin = VectorOrigin::kTrained;
  float score = 0;        // Log-odds.
  float probability = 0;  // Calibrated.
  // Of the head for liked items, where it orders the items.
  std::optional<float> liked_score;
  std::optional<float> liked_probability;
  // Where rules may move items: the place by score or value, from 0, and the rules that moved it.
  size_t place_by_score = 0;
  std::vector<std::string> moved_by;
  Explanation explanation;  // Where it was asked for.
};

struct Answer {
  std::shared_ptr<const Bundle> bundle;  // Whose rows the items are.
  std::vector<AnswerItem> items;         // First place first.
  RungId rung = 0;
  ColdStartLevel level = ColdStartLevel::kUnspecified;
  size_t candidates_ranked = 0;
  std::vector<std::string> unknown_item_ids;  // Of the query's candidate_item_ids.
  bool re_ranked = false;                     // Whether there were rules that may move items.
  // Where the time went.
  absl::Duration candidates_time, ranking_time, re_ranking_time;
};

}  // namespace shortlist
