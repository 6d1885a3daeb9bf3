// Trains the two towers on a data set: every interaction of a user's training sequence is an
// example, with the interactions before it as history.
//
//   WorkerPool pool;
//   TwoTowerResult result = TrainTwoTower(dataset, sequences, {}, pool);
//
// Deterministic for a fixed seed and number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/parallel.h"
#include "training/dataset.h"
#include "training/two_tower_network.h"
#include "training/two_tower_parameters.h"
#include "training/user_sequences.h"

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
  // Share of the examples that do without the user's id embedding.
  float user_id_dropout = 0.5F;
  // Catalogs up to this size are scored whole (no correction needed); in larger ones the
  // candidates are the batch's targets and this many uniform draws.
  size_t full_softmax_items = 4'000;
  size_t uniform_negatives = 1'000;
  size_t max_epochs = 30;
  // Training stops when validation has not improved for this many epochs.
  size_t patience = 3;
  // Without validation: train for exactly max_epochs.
  bool validate = true;
};

struct TwoTowerEpoch {
  double loss = 0;
  double validation_ndcg = 0;  // NDCG@50 over validation users, full ranking.
  double seconds = 0;
};

struct TwoTowerResult {
  TwoTowerShape shape;
  TwoTowerParameters parameters;  // Those of the best epoch.
  size_t best_epoch = 0;          // From 1.
  std::vector<TwoTowerEpoch> epochs;
};

TwoTowerResult TrainTwoTower(const Dataset& dataset, std::span<const UserSequence> sequences,
                             const TwoTowerOptions& options, WorkerPool& pool);

}  // namespace shortlist
