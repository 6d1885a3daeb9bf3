// The softmax over candidates with a temperature, its loss and its gradients, fused: scores are
// made, used and forgotten a block of examples at a time, never examples x candidates of them.
//
// For example i with user vector u_i and the target candidates T_i, of weight a_i each,
//   loss = sum_i a_i sum_{t in T_i} -log( exp(s(i, t)) / sum_c exp(s(i, c)) ),
//   s(i, c) = u_i . v_c / temperature - log q_c.
// Vectors have length 1, so scores are bounded and need no maximum taken out of them first, at
// temperatures of 0.03 and more.
//
// Not thread-safe; uses the threads of a pool. Deterministic for a fixed number of threads.
//
//   SoftmaxLoss softmax(pool);
//   double loss = softmax.Run(users, items, {}, targets, 0.07F, d_users, d_items);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/parallel.h"
#include "learning/towers/two_tower_parameters.h"

namespace shortlist {

// Of example i: the candidates columns[offsets[i], offsets[i + 1]), each with weights[i].
struct SoftmaxTargets {
  std::vector<size_t> offsets = {0};
  std::vector<uint32_t> columns;
  std::vector<float> weights;

  void Add(std::span<const uint32_t> candidates, float weight) {
    columns.insert(columns.end(), candidates.begin(), candidates.end());
    offsets.push_back(columns.size());
    weights.push_back(weight);
  }
};

class SoftmaxLoss {
 public:
  explicit SoftmaxLoss(WorkerPool& pool) : pool_(pool), workspaces_(pool.threads()) {}

  // `users`: one example a row; `items`: one candidate a row; rows of both of length 1. `log_q`: by
  // candidate, or empty for zeros. Overwrites the gradients, of the shapes of users and items.
  double Run(const Eigen::Ref<const Matrix>& users, const Eigen::Ref<const Matrix>& items,
             std::span<const float> log_q, const SoftmaxTargets& targets, float temperature,
             Matrix& d_users, Matrix& d_items);

 private:
  struct Workspace {
    Matrix block;    // Scores, then the loss's gradient by them.
    Matrix d_items;  // This thread's share of the sum.
    double loss = 0;
  };

  WorkerPool& pool_;
  std::vector<Workspace> workspaces_;  // By thread.
};

}  // namespace shortlist
