#include "learning/items/interaction_matrix.h"

#include <algorithm>

namespace shortlist {

InteractionMatrix ItemsOfUsers(const Dataset& dataset, std::span<const UserSequence> sequences,
                               size_t max_user_items) {
  InteractionMatrix matrix;
  matrix.offsets.reserve(sequences.size() + 1);
  for (const UserSequence& sequence : sequences) {
    const size_t length = std::min(sequence.train_end - sequence.begin, max_user_items);
    const auto begin = static_cast<ptrdiff_t>(matrix.columns.size());
    for (size_t i = sequence.train_end - length; i < sequence.train_end; ++i)
      matrix.columns.push_back(dataset.interactions[i].item);
    std::sort(matrix.columns.begin() + begin, matrix.columns.end());
    matrix.columns.erase(std::unique(matrix.columns.begin() + begin, matrix.columns.end()),
                         matrix.columns.end());
    matrix.offsets.push_back(matrix.columns.size());
  }
  return matrix;
}

InteractionMatrix Transposed(const InteractionMatrix& matrix, size_t columns) {
  InteractionMatrix transposed;
  transposed.offsets.assign(columns + 1, 0);
  for (uint32_t column : matrix.columns) ++transposed.offsets[column + 1];
  for (size_t i = 0; i < columns; ++i) transposed.offsets[i + 1] += transposed.offsets[i];
  transposed.columns.resize(matrix.columns.size());
  std::vector<size_t> next(transposed.offsets.begin(), transposed.offsets.end() - 1);
  for (uint32_t row = 0; row < matrix.rows(); ++row)
    for (uint32_t column : matrix[row]) transposed.columns[next[column]++] = row;
  return transposed;
}

}  // namespace shortlist
