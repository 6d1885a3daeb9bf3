// What a split of a data set holds out, and what of it there is to be wary of: interactions whose
// order nobody knows because their times are the same, and test interactions that nothing is
// measured on. Looked at before the long work.
//
//   const SplitSummary summary = SummariseSplit(dataset, sequences);
//   LogInfo(SplitCaption(summary));
//   RETURN_IF_ERROR(CheckTestable(summary));
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "data/dataset.h"
#include "data/user_sequences.h"

namespace shortlist {

struct SplitSummary {
  size_t users = 0;
  // Those with something to test. Of the others: for whom nothing is held out, having too few
  // interactions or none late enough, and whose test holds nothing but what they had already.
  size_t test_users = 0;
  size_t users_without_test = 0;
  size_t users_with_repeats_only = 0;

  size_t train_interactions = 0, valid_interactions = 0, test_interactions = 0;
  // Of these with an item that the user had already, before or within the part: nobody is asked to
  // find them.
  size_t valid_repeats = 0, test_repeats = 0;

  // Interactions whose time is not known count as such, and are no ties.
  bool has_times = false;  // Otherwise there are no ties to count.
  size_t interactions = 0;
  size_t tied_interactions = 0;  // Another interaction of the same user has the same time.
  // Users with a validation or a test part after another part; and of these whose last interaction
  // before such a cut has the time of the first one after it.
  size_t cut_users = 0;
  size_t users_cut_within_tie = 0;
};

// `sequences`: by user row, such as of Split.
SplitSummary SummariseSplit(const Dataset& dataset, std::span<const UserSequence> sequences);

// Two lines: of the test, and of ties in time.
std::string FormatSplitSummary(const SplitSummary& summary);

// The same in few words, to head a table with: "943 test users, 3 test rows dropped, ...".
std::string SplitCaption(const SplitSummary& summary);

// FAILED_PRECONDITION where nothing could be trained or nothing measured.
absl::Status CheckTestable(const SplitSummary& summary);
// The same of the second stage, which learns from the validation part.
absl::Status CheckRankable(const SplitSummary& summary);

}  // namespace shortlist
