#include "learning/towers/softmax_loss.h"

#include <algorithm>
#include <cmath>

#include "common/vector_kernels.h"

namespace shortlist {
namespace {

using Eigen::Index;

// Enough for matrix products at full speed; a block of scores of a large catalog is some 10 MB.
constexpr size_t kBlock = 64;

}  // namespace

double SoftmaxLoss::Run(const Eigen::Ref<const Matrix>& users,
                        const Eigen::Ref<const Matrix>& items, std::span<const float> log_q,
                        const SoftmaxTargets& targets, float temperature, Matrix& d_users,
                        Matrix& d_items) {
  const auto examples = static_cast<size_t>(users.rows());
  const auto candidates = static_cast<size_t>(items.rows());
  d_users.resize(users.rows(), users.cols());
  d_items.resize(items.rows(), items.cols());
  // Scores are at most 1 / temperature - log_q.
  std::vector<float> offsets(candidates, -1 / temperature);
  for (size_t c = 0; c < log_q.size(); ++c) offsets[c] -= log_q[c];
  std::vector<char> used(pool_.threads(), 0);
  pool_.ForEachRange(examples, [&](size_t thread, size_t begin, size_t end) {
    Workspace& work = workspaces_[thread];
    work.d_items.setZero(items.rows(), items.cols());
    work.loss = 0;
    used[thread] = 1;
    for (size_t first = begin; first < end; first += kBlock) {
      const auto rows = static_cast<Index>(std::min(kBlock, end - first));
      const auto block_users = users.middleRows(static_cast<Index>(first), rows);
      if (work.block.rows() != rows || work.block.cols() != items.rows())
        work.block.resize(rows, items.rows());
      work.block.noalias() = block_users * items.transpose();
      for (Index r = 0; r < rows; ++r) {
        const size_t i = first + static_cast<size_t>(r);
        float* scores = work.block.row(r).data();
        const std::span<const uint32_t> wanted(targets.columns.data() + targets.offsets[i],
                                               targets.columns.data() + targets.offsets[i + 1]);
        const float weight = targets.weights[i];
        double target_scores = 0;
        for (uint32_t c : wanted) target_scores += scores[c] / temperature + offsets[c];
        const float total = ExpAndSum(scores, 1 / temperature, offsets.data(), candidates);
        const auto count = static_cast<float>(wanted.size());
        work.loss += weight * (count * std::log(total) - target_scores);
        // From here on the row is the loss's gradient by u . v.
        Scale(weight * count / (total * temperature), scores, candidates);
        for (uint32_t c : wanted) scores[c] -= weight / temperature;
      }
      d_users.middleRows(static_cast<Index>(first), rows).noalias() = work.block * items;
      work.d_items.noalias() += work.block.transpose() * block_users;
    }
  });
  // In a fixed order, so that the result does not depend on timing.
  pool_.ForEachRange(candidates, [&](size_t, size_t begin, size_t end) {
    const auto first = static_cast<Index>(begin);
    const auto rows = static_cast<Index>(end - begin);
    auto sum = d_items.middleRows(first, rows);
    sum.setZero();
    for (size_t thread = 0; thread < workspaces_.size(); ++thread)
      if (used[thread]) sum += workspaces_[thread].d_items.middleRows(first, rows);
  });
  double loss = 0;
  for (size_t thread = 0; thread < workspaces_.size(); ++thread)
    if (used[thread]) loss += workspaces_[thread].loss;
  return loss;
}

}  // namespace shortlist
