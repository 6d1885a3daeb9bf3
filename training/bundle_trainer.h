// The whole of training: from a data set to the files of a bundle.
//
//   1. Each user's last interactions are held out: for the test, and before them for validation.
//   2. Towers, co-occurrence and index are made from the rest; validation stops the towers.
//   3. The ranker is trained on validation, on candidates that these towers return.
//   4. The whole is measured on the test.
//   5. Towers, co-occurrence and index are made once more from everything, with what was learned
//      of when to stop; the ranker is kept. This is what gets served.
//
//   ASSIGN_OR_RETURN(TrainingReport report, TrainBundle(dataset, publisher.staging(), {}));
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "data/dataset.h"
#include "evaluation/evaluator.h"
#include "evaluation/liked_quality.h"
#include "evaluation/ranker_quality.h"
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

// Writes every file of a bundle into `folder`, report.json and report.html included.
// FAILED_PRECONDITION says what the data lacks.
absl::StatusOr<TrainingReport> TrainBundle(const Dataset& dataset,
                                           const std::filesystem::path& folder,
                                           const TrainingOptions& options);

}  // namespace shortlist
