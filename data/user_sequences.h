// Every user's interactions in order of time, cut into what training may see, what validation
// uses, and what the test holds out.
//
// Splits keep time's order within a user: training first, test last.
//
//   ASSIGN_OR_RETURN(std::vector<UserSequence> sequences, Split(dataset, SplitKind::kTemporal));
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "data/dataset.h"

namespace shortlist {

// Positions in Dataset::interactions: training [begin, train_end), validation
// [train_end, valid_end), test [valid_end, end).
struct UserSequence {
  size_t begin = 0;
  size_t train_end = 0;
  size_t valid_end = 0;
  size_t end = 0;
};

// How to measure, as the literature does.
enum class SplitKind {
  kLeaveOneOut,  // Each user's last interaction is the test, the one before validation.
  kPerUser,      // Each user's last 20 % are the test, the 10 % before them validation.
  kTemporal,     // One cut in time for all: of all interactions the last 10 % are the test, the
                 // 10 % before them validation. Some users have no history at the cut.
  kFiles,        // The files of the data set say it.
};

// By user row. Users with fewer than three interactions are training only in kLeaveOneOut and
// kPerUser; so is, but in kFiles, what happened at a time that is not known. FAILED_PRECONDITION
// says what the data set lacks.
absl::StatusOr<std::vector<UserSequence>> Split(const Dataset& dataset, SplitKind kind);

// Of each user's interactions the last test_share are the test, the valid_share before them the
// validation, each at least one where the user has three or more interactions; users with fewer are
// training only, and so is what happened at a time that is not known. Shares are 0 to 1.
std::vector<UserSequence> SplitPerUser(const Dataset& dataset, double valid_share,
                                       double test_share);

// Everything is training.
std::vector<UserSequence> WithoutHoldout(std::span<const UserSequence> sequences);

// Training and validation are training; the test stays.
std::vector<UserSequence> WithoutValidation(std::span<const UserSequence> sequences);

// Validation is the test: for choosing between models before the test is looked at.
std::vector<UserSequence> ValidationAsTest(std::span<const UserSequence> sequences);

// As if these users had never been there.
std::vector<UserSequence> WithoutUsers(std::span<const UserSequence> sequences,
                                       std::span<const uint32_t> users);

// Of more users than `most` a random sample of that many, ascending; otherwise `users` as they are.
std::vector<uint32_t> SampleUsers(std::vector<uint32_t> users, size_t most, uint64_t seed);

// Training interactions by item; those of at least `least_value` (such as a rating) alone.
std::vector<uint32_t> TrainingCounts(const Dataset& dataset,
                                     std::span<const UserSequence> sequences,
                                     float least_value = std::numeric_limits<float>::lowest());

}  // namespace shortlist
