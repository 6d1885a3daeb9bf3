// The bootstrap over users (Efron and Tibshirani 1993): means of resamples, drawn with replacement,
// stand for those of other users.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace shortlist {

// Calls body(user) for each of the `users` draws of resample number `resample`: the same users in
// every call with the same arguments, so that what is drawn for two models is paired.
template <class Body>
void ForEachResampled(size_t users, uint64_t seed, size_t resample, const Body& body) {
  std::mt19937_64 random(seed + resample);
  std::uniform_int_distribution<size_t> any_user(0, users - 1);
  for (size_t i = 0; i < users; ++i) body(any_user(random));
}

struct Interval {
  double low = 0;
  double high = 0;
};

// The 2.5th and the 97.5th percentile. `values` is not empty, has no NaN, and is sorted by this.
inline Interval PercentileInterval(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  auto at = [&](double share) {
    return values[static_cast<size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  return {at(0.025), at(0.975)};
}

}  // namespace shortlist
