// How good towers are on the validation part: NDCG over the requests just before it, by the very
// code that serves.
//
// Not thread-safe; uses the threads of a pool.
//
//   TowerValidation validation(dataset, sequences, seed, pool);
//   ASSIGN_OR_RETURN(double ndcg, validation.Ndcg(towers));
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "evaluation/evaluator.h"
#include "learning/towers/two_tower_parameters.h"

namespace shortlist {

class TowerValidation {
 public:
  static constexpr size_t kCutoff = 20;
  static constexpr size_t kMaxUsers = 5'000;  // Of more, a sample is taken.

  TowerValidation(const Dataset& dataset, std::span<const UserSequence> sequences, uint64_t seed,
                  WorkerPool& pool);

  // Whether there is nothing to validate on.
  bool empty() const { return cases_.empty(); }

  // Mean NDCG at kCutoff; 0 when empty. The towers are written to a temporary file and read from
  // it; errors are those of writing.
  absl::StatusOr<double> Ndcg(const TrainedTowers& towers) const;

 private:
  const Dataset& dataset_;
  std::vector<TestCase> cases_;
  WorkerPool& pool_;
};

}  // namespace shortlist
