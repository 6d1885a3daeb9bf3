// Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019), for matrices
// updated whole and for tables of which a step touches some rows only.
//
// Not thread-safe; a table's rows are shared out over the pool's threads.
#pragma once

#include <cstdint>
#include <span>

#include "common/parallel.h"
#include "learning/towers/two_tower_parameters.h"

namespace shortlist {

struct AdamOptions {
  float learning_rate = 1e-3F;
  float beta1 = 0.9F;
  float beta2 = 0.999F;
  float epsilon = 1e-8F;
  float weight_decay = 0;
};

// The optimiser's memory for one matrix.
class Adam {
 public:
  // Sized for `parameters`.
  explicit Adam(const Matrix& parameters);

  // One step, the step-th (from 1), over all rows. `gradient` is left as it is.
  void Step(const AdamOptions& options, uint64_t step, WorkerPool& pool, const Matrix& gradient,
            Matrix& parameters);

  // The same over some rows only, as if the others' moments had stood still.
  void StepRows(const AdamOptions& options, uint64_t step, std::span<const uint32_t> rows,
                WorkerPool& pool, const Matrix& gradient, Matrix& parameters);

 private:
  void StepRow(const AdamOptions& options, float rate, float correction, Eigen::Index row,
               const Matrix& gradient, Matrix& parameters);

  Matrix mean_;
  Matrix variance_;
};

}  // namespace shortlist
