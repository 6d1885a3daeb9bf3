#include "learning/baselines/implicit_als_model.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <random>

#include "common/progress.h"

namespace shortlist {

using Eigen::Index;

Eigen::MatrixXf ImplicitAlsModel::Shared(const Factors& factors, float l2) {
  Eigen::MatrixXf shared = factors.transpose() * factors;
  shared.diagonal().array() += l2;
  return shared;
}

Eigen::VectorXf ImplicitAlsModel::Solve(const Factors& factors, const Eigen::MatrixXf& shared,
                                        std::span<const uint32_t> columns, float alpha) {
  if (columns.empty()) return Eigen::VectorXf::Zero(factors.cols());
  Factors chosen(static_cast<Index>(columns.size()), factors.cols());
  for (size_t i = 0; i < columns.size(); ++i)
    chosen.row(static_cast<Index>(i)) = factors.row(columns[i]);
  Eigen::MatrixXf normal = shared;
  normal.selfadjointView<Eigen::Lower>().rankUpdate(chosen.transpose(), alpha);
  const Eigen::VectorXf right = (1 + alpha) * chosen.colwise().sum().transpose();
  return normal.selfadjointView<Eigen::Lower>().llt().solve(right);
}

void ImplicitAlsModel::SolveAll(const InteractionMatrix& matrix, const Factors& fixed,
                                const ImplicitAlsOptions& options, WorkerPool& pool,
                                Factors& solved) {
  const Eigen::MatrixXf shared = Shared(fixed, options.l2);
  // More ranges than threads, since some rows take longer.
  const size_t ranges = std::min(matrix.rows(), pool.threads() * 64);
  pool.ForEach(ranges, [&](size_t range) {
    const size_t end = matrix.rows() * (range + 1) / ranges;
    for (size_t row = matrix.rows() * range / ranges; row < end; ++row)
      solved.row(static_cast<Index>(row)) =
          Solve(fixed, shared, matrix[row], options.alpha).transpose();
  });
}

ImplicitAlsModel ImplicitAlsModel::Fit(const InteractionMatrix& items_of_users, size_t items,
                                       const ImplicitAlsOptions& options, WorkerPool& pool) {
  const InteractionMatrix users_of_items = Transposed(items_of_users, items);
  const auto dim = static_cast<Index>(options.dim);
  ImplicitAlsModel model;
  model.alpha_ = options.alpha;
  model.items_.resize(static_cast<Index>(items), dim);
  std::mt19937_64 random(options.seed);
  std::normal_distribution<float> normal(0, 0.1F / std::sqrt(static_cast<float>(dim)));
  for (float& x : model.items_.reshaped()) x = normal(random);
  Factors users = Factors::Zero(static_cast<Index>(items_of_users.rows()), dim);
  Progress progress("implicit ALS", options.sweeps, "sweeps");
  for (size_t sweep = 0; sweep < options.sweeps; ++sweep) {
    SolveAll(items_of_users, model.items_, options, pool, users);
    SolveAll(users_of_items, users, options, pool, model.items_);
    progress.Update(sweep + 1);
  }
  progress.Finish();
  model.shared_ = Shared(model.items_, options.l2);
  return model;
}

void ImplicitAlsModel::Score(std::span<const ItemRow> history, std::span<float> scores) const {
  const Eigen::VectorXf user = Solve(items_, shared_, history, alpha_);
  Eigen::Map<Eigen::VectorXf>(scores.data(), static_cast<Index>(scores.size())).noalias() =
      items_ * user;
}

}  // namespace shortlist
