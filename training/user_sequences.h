// Every user's interactions in order of time, cut into what training may see, what validation
// uses, and what the test holds out.
//
// Splits keep time's order within a user: training first, test last.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "training/dataset.h"

namespace shortlist {

// Positions in Dataset::interactions: training [begin, train_end), validation
// [train_end, valid_end), test [valid_end, end).
struct UserSequence {
  size_t begin = 0;
  size_t train_end = 0;
  size_t valid_end = 0;
  size_t end = 0;
};

// By user row. Of each user's interactions the last test_share are the test, the valid_share
// before them the validation, each at least one where the user has three or more interactions;
// users with fewer are training only. Shares are 0 to 1.
std::vector<UserSequence> SplitPerUser(const Dataset& dataset, double valid_share,
                                       double test_share);

// Everything is training.
std::vector<UserSequence> WithoutHoldout(std::span<const UserSequence> sequences);

}  // namespace shortlist
