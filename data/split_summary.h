// What a split leaves to learn from and to measure on: looked at before the long work.
//
//   const SplitSummary summary = Summarise(dataset, sequences);
//   LogInfo(Describe(summary));
//   RETURN_IF_ERROR(CheckTestable(summary));
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "data/dataset.h"
#include "data/user_sequences.h"

namespace shortlist {

struct SplitSummary {
  uint64_t users = 0;  // With interactions.
  // Interactions by part.
  uint64_t train = 0, valid = 0, test = 0;
  // Those of them with items that the user had before: nobody is asked to find these.
  uint64_t valid_repeats = 0, test_repeats = 0;
  uint64_t test_users = 0;  // With something to find in the test.
  // Users whose test begins between two interactions at the same time.
  uint64_t cuts = 0, cuts_in_ties = 0;
};

SplitSummary Summarise(const Dataset& dataset, std::span<const UserSequence> sequences);

// One line for people.
std::string Describe(const SplitSummary& summary);

// FAILED_PRECONDITION where nothing could be trained or nothing measured.
absl::Status CheckTestable(const SplitSummary& summary);
// The same of the second stage, which learns from the validation part.
absl::Status CheckRankable(const SplitSummary& summary);

}  // namespace shortlist
