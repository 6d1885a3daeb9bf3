// Matrix factorisation of implicit feedback by alternating least squares (Hu, Koren and Volinsky
// 2008). With c_ui = 1 + alpha where user u has item i and 1 elsewhere, p_ui = 1 or 0, minimises
//   sum_{u,i} c_ui (p_ui - x_u . y_i)^2 + l2 (sum_u |x_u|^2 + sum_i |y_i|^2).
// A user's vector is solved for from their history when they are scored, so users need not have
// been there in training.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <Eigen/Core>

#include "common/parallel.h"
#include "evaluation/scoring_model.h"
#include "learning/items/interaction_matrix.h"

namespace shortlist {

struct ImplicitAlsOptions {
  size_t dim = 64;
  float alpha = 20;
  float l2 = 10;
  size_t sweeps = 12;
  uint64_t seed = 1;
};

class ImplicitAlsModel : public ScoringModel {
 public:
  static ImplicitAlsModel Fit(const InteractionMatrix& items_of_users, size_t items,
                              const ImplicitAlsOptions& options, WorkerPool& pool);

  void Score(std::span<const ItemRow> history, std::span<float> scores) const override;

 private:
  using Factors = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  // Y^T Y + l2 I: the part of the normal equations that all rows share.
  static Eigen::MatrixXf Shared(const Factors& factors, float l2);
  // The vector that fits a row with these columns best.
  static Eigen::VectorXf Solve(const Factors& factors, const Eigen::MatrixXf& shared,
                               std::span<const uint32_t> columns, float alpha);
  static void SolveAll(const InteractionMatrix& matrix, const Factors& fixed,
                       const ImplicitAlsOptions& options, WorkerPool& pool, Factors& solved);

  float alpha_ = 0;
  Factors items_;
  Eigen::MatrixXf shared_;
};

}  // namespace shortlist
