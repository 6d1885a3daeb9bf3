#include "data/split_summary.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/counts.h"

namespace shortlist {
namespace {

// Why a part has nothing that a user could be asked to find.
absl::Status NothingNew(const std::string& what, const std::string& part, uint64_t interactions,
                        const SplitSummary& summary) {
  return absl::FailedPreconditionError(
      absl::StrCat(what, ": ",
                   interactions == 0
                       ? absl::StrCat("the ", part,
                                      " part is empty; users need three interactions at least, and "
                                      "none of ",
                                      Grouped(summary.users), " has them at known times")
                       : absl::StrCat("all ", Grouped(interactions), " interactions of the ", part,
                                      " part are with items that their users had before")));
}

}  // namespace

SplitSummary Summarise(const Dataset& dataset, std::span<const UserSequence> sequences) {
  SplitSummary summary;
  std::vector<uint32_t> seen_by(dataset.items.ids.size(), UINT32_MAX);  // The last user of each.
  for (uint32_t user = 0; user < sequences.size(); ++user) {
    const UserSequence& sequence = sequences[user];
    if (sequence.begin == sequence.end) continue;
    ++summary.users;
    summary.train += sequence.train_end - sequence.begin;
    summary.valid += sequence.valid_end - sequence.train_end;
    summary.test += sequence.end - sequence.valid_end;
    auto repeats_until = [&](size_t begin, size_t end) {
      uint64_t repeats = 0;
      for (size_t i = begin; i < end; ++i) {
        repeats += seen_by[dataset.interactions[i].item] == user;
      }
      for (size_t i = begin; i < end; ++i) seen_by[dataset.interactions[i].item] = user;
      return repeats;
    };
    repeats_until(sequence.begin, sequence.train_end);
    summary.valid_repeats += repeats_until(sequence.train_end, sequence.valid_end);
    const uint64_t repeats = repeats_until(sequence.valid_end, sequence.end);
    summary.test_repeats += repeats;
    summary.test_users += sequence.end - sequence.valid_end > repeats;
    if (!dataset.has_times || sequence.valid_end == sequence.begin ||
        sequence.valid_end == sequence.end)
      continue;
    ++summary.cuts;
    summary.cuts_in_ties += dataset.interactions[sequence.valid_end - 1].time_ms ==
                            dataset.interactions[sequence.valid_end].time_ms;
  }
  return summary;
}

std::string Describe(const SplitSummary& summary) {
  std::string text = absl::StrCat(
      Grouped(summary.train), " interactions to train on, ", Grouped(summary.valid),
      " of validation (", Grouped(summary.valid_repeats), " with items had before, not counted), ",
      Grouped(summary.test), " of test (", Grouped(summary.test_repeats), "); tested on ",
      Grouped(summary.test_users), " of ", Grouped(summary.users), " users");
  if (summary.cuts > 0)
    absl::StrAppend(&text, absl::StrFormat("; %.1f %% of the tests begin between two interactions "
                                           "at the same time, in an order drawn by a hash",
                                           100.0 * static_cast<double>(summary.cuts_in_ties) /
                                               static_cast<double>(summary.cuts)));
  return text;
}

absl::Status CheckTestable(const SplitSummary& summary) {
  if (summary.train == 0)
    return absl::FailedPreconditionError(
        "there is nothing to train on: the training part is empty");
  if (summary.test_users == 0)
    return NothingNew("there is nothing to test on", "test", summary.test, summary);
  return absl::OkStatus();
}

absl::Status CheckRankable(const SplitSummary& summary) {
  if (summary.valid == summary.valid_repeats)
    return NothingNew("there is nothing to train the ranker on", "validation", summary.valid,
                      summary);
  return absl::OkStatus();
}

}  // namespace shortlist
