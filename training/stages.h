// Both stages, trained on one split of a data set: what the bundle trainer and the experiment have
// in common.
//
//   ASSIGN_OR_RETURN(TrainedStages stages,
//                    TrainRetrieval(dataset, sequences, options, folder, pool));
//   RETURN_IF_ERROR(AddRanker(dataset, sequences, options, pool, stages));
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "learning/items/content_projection_trainer.h"
#include "learning/items/item_regression.h"
#include "learning/items/item_similarity_builder.h"
#include "learning/ranker/ranker_trainer.h"
#include "learning/towers/tower_trainer.h"
#include "model/bundle.h"

namespace shortlist {

struct StagesOptions {
  TowerOptions towers;
  ItemSimilarityOptions set_similarity = SetSimilarity();
  ItemSimilarityOptions sequence_similarity = SequenceSimilarity();
  ItemRegressionOptions history_regression = HistoryRegression();
  ItemRegressionOptions next_regression = NextRegression();
  ContentProjectionOptions content;
  RankerOptions ranker;
  uint64_t seed = 1;  // Of all of them.
};

struct TrainedStages {
  ChosenTowers towers;
  std::unique_ptr<Bundle> bundle;
  RankerTrainingResult ranker;  // Of AddRanker.
  double towers_seconds = 0;
  double ranker_seconds = 0;
};

// Trains retrieval on the training part, stopped by validation. Writes its files into `folder`,
// which must outlive the result.
absl::StatusOr<TrainedStages> TrainRetrieval(const Dataset& dataset,
                                             std::span<const UserSequence> sequences,
                                             const StagesOptions& options,
                                             const std::filesystem::path& folder, WorkerPool& pool);

// Trains the ranker on validation, on the candidates that this retrieval returns.
// FAILED_PRECONDITION, and the stages as they were, where there is too little to train one.
absl::Status AddRanker(const Dataset& dataset, std::span<const UserSequence> sequences,
                       const StagesOptions& options, WorkerPool& pool, TrainedStages& stages);

// Trains retrieval once more, on the training part of other sequences of the same users, with what
// was chosen, and writes its files into `folder`. Validation is not looked at.
absl::Status RefitRetrieval(const Dataset& dataset, std::span<const UserSequence> sequences,
                            const StagesOptions& options, const ChosenTowers& chosen,
                            const std::filesystem::path& folder, WorkerPool& pool);

// Retrieval as in `folder`, with the ranker, if there is one, that was trained beside another such.
absl::StatusOr<std::unique_ptr<Bundle>> LoadStages(const std::filesystem::path& folder,
                                                   const TrainedStages& trained);

}  // namespace shortlist
