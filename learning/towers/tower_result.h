// What training towers of either kind comes to.
#pragma once

#include <cstddef>
#include <vector>

#include "learning/towers/two_tower_parameters.h"

namespace shortlist {

struct TowerEpoch {
  size_t epoch = 0;  // From 1.
  double loss = 0;
  double validation_ndcg = 0;  // TowerValidation's; 0 without one.
};

struct TowerResult {
  TrainedTowers towers;            // Those of the best epoch; without validation, of the last.
  size_t best_epoch = 0;           // From 1; 0 when there was nothing to train on.
  double validation_ndcg = 0;      // Of the best epoch.
  std::vector<TowerEpoch> epochs;  // Those that were validated; without validation, all.
  size_t epochs_begun = 0;
  // kBag: epochs that the learning rate's schedule ended up with.
  size_t schedule_epochs = 0;
  // The deadline ended training, or shortened the schedule.
  bool cut_short = false;
};

}  // namespace shortlist
