// Chooses and trains the towers that suit a data set.
//
// From the size of the data and the time allowed it decides on the dimension and the number of
// epochs; then, by what does best on the validation part, whether the order of histories matters
// (TowerKind), the remaining settings, and when to stop. Every choice is printed.
//
// What is decided from the time allowed is decided by counting operations, at a rate that machines
// of today reach, so that the same data, seed and number of threads give the same result. Only
// where the machine is slower than that, or busy, does the clock end training early, with a
// warning.
//
//   ASSIGN_OR_RETURN(ChosenTowers chosen, ChooseTowers(dataset, sequences, options, seed, pool));
//   ASSIGN_OR_RETURN(TrainedTowers again, RefitTowers(dataset, everything, chosen, pool));
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "learning/towers/bag_tower_trainer.h"
#include "learning/towers/tower_result.h"
#include "learning/towers/two_tower_trainer.h"

namespace shortlist {

struct TowerOptions {
  // Seconds that choosing and one refit may take together, by the clock.
  double time_budget = 600;
  // Where set, decided: 0 stands for "by the trainer".
  uint32_t dim = 0;
  size_t max_epochs = 0;
  std::optional<TowerKind> kind;
  // What the choices start from, but for their seeds.
  TwoTowerOptions sequence;
  BagTowerOptions bag;
};

struct TowerChoice {
  TowerKind kind = TowerKind::kSequence;
  TwoTowerOptions sequence;  // For kSequence; max_epochs is where it was best.
  BagTowerOptions bag;       // For kBag; epochs is where it was best.
  double validation_ndcg = 0;
  double seconds_left = 0;  // Of the time budget, for the refit.
};

// For people to read.
std::string Describe(const TowerChoice& choice);

struct ChosenTowers {
  TrainedTowers towers;
  TowerChoice choice;
  std::vector<TowerEpoch> epochs;  // Of the kind chosen.
};

// Errors are those of writing temporary files.
absl::StatusOr<ChosenTowers> ChooseTowers(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const TowerOptions& options, uint64_t seed,
                                          WorkerPool& pool);

// Trains what was chosen on the training part of other sequences of the same users, without
// validation. Where the time that is left does not last for half of it, the result is the towers
// that were chosen, as they are, with a warning.
absl::StatusOr<TrainedTowers> RefitTowers(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const ChosenTowers& chosen, WorkerPool& pool);

}  // namespace shortlist
