// Trains towers for which the order of the history matters (TowerKind::kSequence): every
// interaction of a user's training sequence is an example, with the interactions before it as
// history.
//
//   ASSIGN_OR_RETURN(TowerResult result,
//                    TrainTwoTower(dataset, sequences, {}, &validation, pool));
//
// Deterministic for a fixed seed and number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "learning/towers/tower_result.h"
#include "learning/towers/tower_validation.h"
#include "learning/towers/two_tower_network.h"
#include "learning/towers/two_tower_parameters.h"

namespace shortlist {

struct TwoTowerOptions {
  TwoTowerShape shape;
  uint64_t seed = 1;
  size_t batch_size = 256;
  float temperature = 0.07F;
  float learning_rate = 3e-3F;
  float weight_decay = 0.01F;
  float input_dropout = 0.3F;
  float item_id_dropout = 0.1F;
  // Share of the examples that do without the user's id embedding; 1: there is none.
  float user_id_dropout = 0.5F;
  // Catalogs up to this size are scored whole (no correction needed); in larger ones the
  // candidates are the batch's targets and this many uniform draws.
  size_t full_softmax_items = 4'000;
  size_t uniform_negatives = 1'000;
  // Examples an epoch at most, drawn anew for each; 0: all.
  size_t epoch_examples = 0;
  size_t max_epochs = 30;
  // Training stops when validation has not improved for this many epochs.
  size_t patience = 3;
  // When training is over, come what may: no epoch is begun that would take longer, and the one
  // that does is cut. A guard, since what it cuts depends on the machine.
  absl::Time deadline = absl::InfiniteFuture();
};

// Without `validation`: trains for exactly max_epochs. Errors are the validation's.
absl::StatusOr<TowerResult> TrainTwoTower(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const TwoTowerOptions& options,
                                          const TowerValidation* validation, WorkerPool& pool);

}  // namespace shortlist
