// EASE, "Embarrassingly shallow autoencoders for sparse data" (Steck 2019): the linear model of
// items from items with a zero diagonal that has least squared error under an L2 penalty, in closed
// form. With X the 0/1 matrix of users by items and P = (X^T X + l2 I)^-1,
//   B_ij = -P_ij / P_jj, B_jj = 0;  a user's scores are the sum of the rows of B of their items.
//
// Takes items^2 floats and time of order items^3, so it is for catalogs up to some 20,000 items.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "evaluation/scoring_model.h"
#include "learning/items/interaction_matrix.h"

namespace shortlist {

class EaseModel : public ScoringModel {
 public:
  static constexpr size_t kMaxItems = 20'000;

  // FAILED_PRECONDITION for more than kMaxItems items.
  static absl::StatusOr<EaseModel> Fit(const InteractionMatrix& items_of_users, size_t items,
                                       float l2, WorkerPool& pool);

  void Score(std::span<const ItemRow> history, std::span<float> scores) const override;

 private:
  EaseModel(std::vector<float> weights, size_t items)
      : weights_(std::move(weights)), items_(items) {}

  std::vector<float> weights_;  // items x items, row-major.
  size_t items_;
};

}  // namespace shortlist
