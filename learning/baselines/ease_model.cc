#include "learning/baselines/ease_model.h"

#include <cblas.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

// LAPACK's Cholesky factorisation and the inverse from it; OpenBLAS has them, without a header.
extern "C" {
void spotrf_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void spotri_(const char* uplo, const int* n, float* a, const int* lda, int* info);
}

namespace shortlist {

absl::StatusOr<EaseModel> EaseModel::Fit(const InteractionMatrix& items_of_users, size_t items,
                                         float l2, WorkerPool& pool) {
  if (items > kMaxItems)
    return absl::FailedPreconditionError(absl::StrCat("a matrix of ", items, " x ", items,
                                                      " items would have to be inverted; ",
                                                      kMaxItems, " is the most"));
  std::vector<float> matrix(items * items, 0);
  const InteractionMatrix users_of_items = Transposed(items_of_users, items);
  pool.ForEachRange(items, [&](size_t, size_t begin, size_t end) {
    for (size_t item = begin; item < end; ++item) {
      float* row = matrix.data() + item * items;
      row[item] = l2;
      for (uint32_t user : users_of_items[item])
        for (ItemRow other : items_of_users[user]) ++row[other];
    }
  });
  const auto n = static_cast<int>(items);
  int info = 0;
  openblas_set_num_threads(static_cast<int>(pool.threads()));
  spotrf_("U", &n, matrix.data(), &n, &info);
  if (info == 0) spotri_("U", &n, matrix.data(), &n, &info);
  openblas_set_num_threads(1);
  if (info != 0)
    return absl::FailedPreconditionError("the matrix of co-occurrences is not positive definite");
  // LAPACK's upper triangle, by columns, is our lower one, by rows: P_ij for j <= i.
  std::vector<float> diagonal(items);
  for (size_t i = 0; i < items; ++i) diagonal[i] = matrix[i * items + i];
  for (size_t i = 0; i < items; ++i)
    for (size_t j = 0; j < i; ++j) matrix[j * items + i] = matrix[i * items + j];
  pool.ForEachRange(items, [&](size_t, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      float* row = matrix.data() + i * items;
      for (size_t j = 0; j < items; ++j) row[j] = i == j ? 0 : -row[j] / diagonal[j];
    }
  });
  return EaseModel(std::move(matrix), items);
}

void EaseModel::Score(std::span<const ItemRow> history, std::span<float> scores) const {
  std::fill(scores.begin(), scores.end(), 0.0F);
  for (ItemRow item : history) {
    const float* row = weights_.data() + item * items_;
    for (size_t j = 0; j < items_; ++j) scores[j] += row[j];
  }
}

}  // namespace shortlist
