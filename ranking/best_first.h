// The order in which scored candidates are shown.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace shortlist {

// Positions of the `count` best scores (or of all, where there are fewer), best first, equal
// scores by position. Both stages and every process order candidates by this.
template <class Scores>
std::vector<size_t> BestFirst(const Scores& scores, size_t count) {
  std::vector<size_t> positions(static_cast<size_t>(scores.size()));
  std::iota(positions.begin(), positions.end(), size_t{0});
  auto score = [&](size_t position) { return scores.data()[position]; };
  const size_t kept = std::min(count, positions.size());
  std::partial_sort(
      positions.begin(), positions.begin() + static_cast<std::ptrdiff_t>(kept), positions.end(),
      [&](size_t a, size_t b) { return score(a) != score(b) ? score(a) > score(b) : a < b; });
  positions.resize(kept);
  return positions;
}

}  // namespace shortlist
