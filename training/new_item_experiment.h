// How well items that came after training find their place: holds out some of the items with all
// their interactions, trains without them, tells the bundle of them as UpsertItems does, and ranks
// them for the users whose test part has them: by their embeddings alone, and by both stages.
// Beside it the same by chance, by the popularity of their attributes, and by a model that was
// trained with them.
//
// All rank what the same users, asked at the same time, do not have yet.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "evaluation/evaluator.h"
#include "training/stages.h"

namespace shortlist {

// Rows, in their order. "popularity_afterwards" ranks by what training with them counts: how far
// knowing that alone would go, which content does not tell.
inline constexpr const char* kNewItemModels[] = {"random",
                                                 "popularity_by_attribute",
                                                 "popularity_afterwards",
                                                 "from_content",
                                                 "trained_with_them",
                                                 "two_stage_from_content",
                                                 "two_stage_trained_with_them"};

struct NewItemOptions {
  double share = 0.1;  // Of the items with training interactions.
  SplitKind split = SplitKind::kPerUser;
  EvaluatorOptions evaluator;
  StagesOptions stages;
  size_t threads = 0;  // 0: one per core.
};

struct NewItemResult {
  size_t items = 0;
  size_t new_items = 0;
  size_t without_content = 0;     // New items of which nothing is known: never ranked.
  size_t train_interactions = 0;  // Without those of new items.
  bool has_both_stages = false;  // Whether there was enough to train rankers; else their rows lack.
  // Only new items are relevant. Ranked are the new items, or all.
  Evaluation among_new;
  Evaluation whole_catalog;
  // All items are relevant and ranked: what new items take from the others shows here. Rows
  // "without_them", from_content and trained_with_them, and the same of both stages.
  Evaluation all_relevant;
};

// (from_content - random) / (trained_with_them - random) of a metric: 0 is chance, 1 as good as
// training with them. `stages` is what the two rows' names begin with: "", or "two_stage_".
double ShareOfTrained(const Evaluation& evaluation, std::string_view metric,
                      std::string_view stages = "");

// FAILED_PRECONDITION says what the data lacks.
absl::StatusOr<NewItemResult> RunNewItemExperiment(const Dataset& dataset,
                                                   const NewItemOptions& options);

}  // namespace shortlist
