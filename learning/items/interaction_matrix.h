// Who has what in the training part: a sparse 0/1 matrix of users by items in CSR form, and its
// transpose. What the co-occurrence table, the baselines and the towers' graph start from.
//
//   const InteractionMatrix items_of = ItemsOfUsers(dataset, sequences);
//   for (ItemRow item : items_of[user]) ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "data/user_sequences.h"

namespace shortlist {

struct InteractionMatrix {
  std::vector<size_t> offsets = {0};
  std::vector<uint32_t> columns;  // Of row i: columns[offsets[i], offsets[i + 1]), ascending.

  size_t rows() const { return offsets.size() - 1; }
  std::span<const uint32_t> operator[](size_t row) const {
    return {columns.data() + offsets[row], columns.data() + offsets[row + 1]};
  }
};

// By user row, each item once. Of longer sequences the last `max_user_items` count.
InteractionMatrix ItemsOfUsers(const Dataset& dataset, std::span<const UserSequence> sequences,
                               size_t max_user_items = SIZE_MAX);

// `columns` is the number of columns, which become rows.
InteractionMatrix Transposed(const InteractionMatrix& matrix, size_t columns);

}  // namespace shortlist
