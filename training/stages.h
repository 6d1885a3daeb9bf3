// Both stages, trained on one split of a data set: what the bundle trainer and the experiment have
// in common.
//
//   ASSIGN_OR_RETURN(TrainedStages stages, TrainStages(dataset, sequences, options, folder, pool));
//   RETURN_IF_ERROR(stages.ranker_status);
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "model/bundle.h"
#include "retrieval/item_index_builder.h"
#include "training/dataset.h"
#include "training/item_similarity_builder.h"
#include "training/ranker_trainer.h"
#include "training/tower_trainer.h"
#include "training/user_sequences.h"

namespace shortlist {

struct StagesOptions {
  TowerOptions towers;
  ItemSimilarityOptions similarity;
  ItemIndexOptions index;
  RankerOptions ranker;
  uint64_t seed = 1;
};

struct TrainedStages {
  ChosenTowers towers;
  // Without a ranker where there was too little to train one; ranker_status says why.
  std::unique_ptr<Bundle> bundle;
  absl::Status ranker_status;
  RankerTrainingResult ranker;
  double towers_seconds = 0;
  double ranker_seconds = 0;
};

// Trains retrieval on the training part, stopped by validation, then the ranker on validation, on
// the candidates that this retrieval returns. Writes retrieval's files into `folder`, which must
// outlive the result.
absl::StatusOr<TrainedStages> TrainStages(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const StagesOptions& options,
                                          const std::filesystem::path& folder, WorkerPool& pool);

// Trains retrieval once more, on the training part of other sequences of the same users, with what
// was chosen, and writes its files into `folder`. Validation is not looked at.
absl::Status RefitRetrieval(const Dataset& dataset, std::span<const UserSequence> sequences,
                            const StagesOptions& options, const TowerChoice& choice,
                            const std::filesystem::path& folder, WorkerPool& pool);

// Retrieval as in `folder`, with a ranker that was trained beside another such.
absl::StatusOr<std::unique_ptr<Bundle>> LoadStages(const std::filesystem::path& folder,
                                                   const TrainedStages& trained);

}  // namespace shortlist
