// Trains towers that take a user's history as a bag, without order: for data sets that have no
// order in time, or in which it says little.
//
// The users and items of the training part are a bipartite graph, with an edge of weight
// 1 / (n_u n_i)^a between a user with n_u items and an item with n_i users. Embeddings P of the
// users and E of the items (id plus the mean of the attributes') are propagated over it (LightGCN,
// He et al. 2020):
//   P_0 = P, E_0 = E;  P_k = A E_(k-1), E_k = A^T P_(k-1);  user = sum_k w^k P_k, item = sum_k w^k
//   E_k
// and trained through the propagation, by the softmax over the whole catalog of cosines at a
// temperature, all of a user's items being targets. The items' vectors are computed once; the
// user's is their own embedding plus a sum over the items of their history, which is what is
// served: of a user unseen in training, the sum alone. Training leaves users' own embeddings out
// often enough that this works.
//
//   ASSIGN_OR_RETURN(TowerResult result,
//                    TrainBagTowers(dataset, sequences, {}, &validation, pool));
//
// Deterministic for a fixed seed and number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "learning/towers/tower_result.h"
#include "learning/towers/tower_validation.h"
#include "learning/towers/two_tower_parameters.h"

namespace shortlist {

struct BagTowerOptions {
  uint32_t dim = 64;
  float temperature = 0.15F;
  float degree_exponent = 0.3F;  // The a of the edges' weights.
  uint32_t hops = 2;
  float hop_weight = 1;  // The w.
  float user_id_dropout = 0.3F;
  float learning_rate = 0.01F;
  float weight_decay = 0;
  size_t batch_size = 1'024;  // Users a step, at most.
  size_t min_steps = 20;      // Steps an epoch; of few users, batches are made smaller for it.
  // The learning rate falls to zero over this many epochs, along a cosine.
  size_t schedule_epochs = 15;
  // Where to stop; at most schedule_epochs.
  size_t epochs = 15;
  // Epochs between two looks at the validation part; the last epoch is looked at in any case.
  size_t validate_every = 2;
  // When training is over, come what may: the schedule is shortened to the epochs that fit. A
  // guard, since what it cuts depends on the machine.
  absl::Time deadline = absl::InfiniteFuture();
  uint64_t seed = 1;
};

// Without `validation`: the towers after the last epoch. Errors are the validation's.
absl::StatusOr<TowerResult> TrainBagTowers(const Dataset& dataset,
                                           std::span<const UserSequence> sequences,
                                           const BagTowerOptions& options,
                                           const TowerValidation* validation, WorkerPool& pool);

}  // namespace shortlist
