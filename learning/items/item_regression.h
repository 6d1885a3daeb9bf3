// Linear regression of items on the items of histories, as in linear item-item autoencoders
// (Steck 2019) and their sequential kin (Choe et al. 2021, SLIST), kept in few dimensions so that
// it takes catalogs of any size.
//
// With X the histories and Y what is to be told from them, a row each, the weights of least squared
// error under an L2 penalty are B = (X^T W X + l2 I)^-1 X^T W Y. W weighs rows: each row of a user
// with n items (the last max_user_items at most) counts n^-length_exponent, so that long sequences
// count less than they otherwise would. Two kinds:
//
//   as a set      a row is a user: X = Y = how often they have each item.
//   what is next  a row is a position t of a user's sequence s:
//                 X_t = sum_{i < t} decay^(t-1-i) s_i,  Y_t = sum_{j >= t} next_decay^(j-t) s_j.
//
// Neither B nor X^T W X is ever made: products with X and Y are sums that run along the sequences,
// the inverse is conjugate gradients. What is kept is Q Q^T B with Q a basis of B's largest
// directions, found by subspace iteration (Halko, Martinsson and Tropp 2011).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/parallel.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "features/item_factors.h"

namespace shortlist {

struct ItemRegressionOptions {
  bool in_order = false;  // What is next; otherwise as a set.
  size_t dim = 124;       // A row of factors is two cache lines.
  float l2 = 30;
  float length_exponent = 0.5F;
  float decay = 1;
  float next_decay = 1;
  size_t max_user_items = 500;  // Of longer sequences the last ones count.
  size_t history = 200;         // How far back it looks when it is used.
};

inline ItemRegressionOptions HistoryRegression() { return {}; }
inline ItemRegressionOptions NextRegression() {
  return {.in_order = true,
          .l2 = 1'000,
          .length_exponent = 0,
          .decay = 0.97F,
          .next_decay = 0.9F,
          .history = 100};
}

// By age, from the latest item on: powers of the decay.
std::vector<float> WeightsByAge(const ItemRegressionOptions& options);

// From the training part of the sequences. The same for the same seed, whatever the threads.
ItemFactorsData FitItemRegression(const Dataset& dataset, std::span<const UserSequence> sequences,
                                  const ItemRegressionOptions& options, uint64_t seed,
                                  WorkerPool& pool);

}  // namespace shortlist
