// What training is asked for, and what it has to say of what it did.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "evaluation/data_report.h"
#include "evaluation/evaluator.h"
#include "evaluation/quality/liked_quality.h"
#include "evaluation/quality/ranker_quality.h"
#include "training/stages.h"

namespace shortlist {

struct TrainingOptions {
  StagesOptions stages;
  double valid_share = 0.1;
  double test_share = 0.1;
  // Whether to train once more on everything (step 5).
  bool refit = true;
  size_t threads = 0;  // 0: one per core.
};

struct TrainingReport {
  size_t users = 0;
  size_t items = 0;
  size_t interactions = 0;
  DataReport data;
  std::vector<TowerEpoch> epochs;
  TowerChoice choice;
  RankerTrainingResult ranker;
  // Rows "popularity", "retrieval" (stage one as it is served) and "two_stage".
  Evaluation evaluation;
  // The ranker by itself, first, and beside it those of RankerOptions::variants.
  std::vector<RankerQuality> rankers;
  std::optional<LikedQuality> liked_head;  // Where it was trained.
  double seconds = 0;
};

}  // namespace shortlist
