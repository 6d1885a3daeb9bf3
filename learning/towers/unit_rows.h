// Rows of matrices scaled to length 1, and the way back of gradients.
#pragma once

#include <algorithm>

namespace shortlist {

// Makes the row's length 1 and returns what it was, at least a tiny number.
template <class Row>
float NormaliseRow(Row&& row) {
  constexpr float kTinyNorm = 1e-12F;
  const float norm = std::max(row.norm(), kTinyNorm);
  row /= norm;
  return norm;
}

// The gradient by a row of length 1 becomes that by the row as it was, of length `norm`.
template <class Unit, class Gradient>
void NormaliseRowBackward(const Unit& unit, float norm, Gradient&& gradient) {
  const float along = unit.dot(gradient);
  gradient = (gradient - along * unit) / norm;
}

}  // namespace shortlist
