// One honest measurement on a data set: splits it, trains our two stages and the baselines on the
// training part, chooses what there is to choose on the validation part, and measures all of them
// on the test part in the same way.
//
// Each model is measured as it was fitted to the training part, which is what papers print, and,
// with `refit`, a second time, fitted once more with what was chosen to training and validation
// together, as what is served is: a row of its own (RefitRow). Nothing is fitted twice to the same
// part. The ranker is trained on validation requests and stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "data/dataset.h"
#include "data/split_summary.h"
#include "data/user_sequences.h"
#include "evaluation/evaluator.h"
#include "evaluation/quality/diversity_quality.h"
#include "evaluation/quality/liked_quality.h"
#include "evaluation/quality/ranker_quality.h"
#include "evaluation/quality/rung_quality.h"
#include "training/stages.h"

namespace shortlist {

// Rows of an experiment, in their order.
inline constexpr const char* kExperimentModels[] = {
    "popularity", "item_knn", "ease", "ials", "retrieval_exact", "retrieval_index", "two_stage"};

// The row of a model that was fitted to training and validation together: "ease_refit".
std::string RefitRow(const std::string& model);

struct ExperimentOptions {
  SplitKind split = SplitKind::kPerUser;
  EvaluatorOptions evaluator;
  StagesOptions stages;
  std::set<std::string> left_out;  // Of kExperimentModels.
  bool refit = true;               // Whether the rows of the refit are measured, too.
  std::vector<float> diversities;  // Settings of re-ranking to measure two_stage with, 0 to 1 each.
  bool rungs = false;              // Whether to measure each rung of the degradation ladder.
  // Value functions to measure two_stage with, where the second head is trained.
  std::vector<float> liked_worths;
  // Share of the users that training does not see at all; they ask with a history of five items,
  // and are reported as the slice "unseen_users". The others ask with as short a history, too, in
  // the slice "known_users_short_history".
  double unseen_users = 0;
  size_t threads = 0;  // 0: one per core.
};

struct ExperimentResult {
  SplitSummary split;
  // Cold users and items are those of the training part alone, for all rows. The last model is
  // compared with each of the others, and the last refitted one with each of the other such.
  Evaluation evaluation;
  // Where two_stage is measured: with what it is judged by. This, what follows, and the second head
  // are measured with the refitted models where there are any.
  std::vector<RankerQuality> rankers;
  std::vector<DiversityQuality> diversity;  // Likewise, of each of `diversities`.
  std::vector<RungQuality> rungs;           // Likewise, where they are asked for.
  std::optional<LikedQuality> liked_head;   // Where it was trained.
  size_t users = 0;
  size_t items = 0;
  size_t train_interactions = 0;  // The training part.
  size_t refit_interactions = 0;  // Training and validation; 0 without refit.
  std::map<std::string, double> seconds;
  std::map<std::string, std::string> chosen;   // By model, in words.
  std::map<std::string, std::string> skipped;  // By model: why it is not measured.
};

// FAILED_PRECONDITION says what the data lacks.
absl::StatusOr<ExperimentResult> RunExperiment(const Dataset& dataset,
                                               const ExperimentOptions& options);

}  // namespace shortlist
