#include "data/split_summary.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/text/counts.h"

namespace shortlist {
namespace {

// Of the user's interactions [begin, end), in order of their part and time, those that share their
// time with another one. Parts of a split into files may have times that overlap.
size_t CountTied(const Dataset& dataset, size_t begin, size_t end, std::vector<int64_t>& times) {
  times.clear();
  for (size_t i = begin; i < end; ++i)
    if (dataset.interactions[i].time_ms != kUnknownTime)
      times.push_back(dataset.interactions[i].time_ms);
  std::sort(times.begin(), times.end());
  size_t tied = 0;
  for (size_t i = 0; i < times.size(); ++i)
    tied +=
        (i > 0 && times[i - 1] == times[i]) || (i + 1 < times.size() && times[i] == times[i + 1]);
  return tied;
}

// Why a part has nothing that a user could be asked to find.
absl::Status NothingNew(const std::string& what, const std::string& part, size_t interactions,
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

SplitSummary SummariseSplit(const Dataset& dataset, std::span<const UserSequence> sequences) {
  SplitSummary summary{.users = sequences.size(), .has_times = dataset.has_times};
  absl::flat_hash_set<ItemRow> had;
  std::vector<int64_t> times;
  for (const UserSequence& sequence : sequences) {
    summary.interactions += sequence.end - sequence.begin;
    had.clear();
    auto count_new = [&](size_t begin, size_t end) {
      size_t found = 0;
      for (size_t i = begin; i < end; ++i)
        found += had.insert(dataset.interactions[i].item).second ? 1 : 0;
      return found;
    };
    count_new(sequence.begin, sequence.train_end);
    const size_t validated = count_new(sequence.train_end, sequence.valid_end);
    const size_t tested = count_new(sequence.valid_end, sequence.end);
    const size_t held_out = sequence.end - sequence.valid_end;
    summary.train_interactions += sequence.train_end - sequence.begin;
    summary.valid_interactions += sequence.valid_end - sequence.train_end;
    summary.valid_repeats += sequence.valid_end - sequence.train_end - validated;
    summary.test_interactions += held_out;
    summary.test_repeats += held_out - tested;
    if (tested > 0) {
      ++summary.test_users;
    } else if (held_out > 0) {
      ++summary.users_with_repeats_only;
    } else {
      ++summary.users_without_test;
    }
    if (!dataset.has_times) continue;
    summary.tied_interactions += CountTied(dataset, sequence.begin, sequence.end, times);
    auto cut_at = [&](size_t position) {
      return sequence.begin < position && position < sequence.end;
    };
    auto within_tie = [&](size_t position) {
      if (!cut_at(position)) return false;
      const int64_t time = dataset.interactions[position].time_ms;
      return time != kUnknownTime && time == dataset.interactions[position - 1].time_ms;
    };
    summary.cut_users += cut_at(sequence.train_end) || cut_at(sequence.valid_end);
    summary.users_cut_within_tie +=
        within_tie(sequence.train_end) || within_tie(sequence.valid_end);
  }
  return summary;
}

std::string FormatSplitSummary(const SplitSummary& summary) {
  std::string text = absl::StrFormat(
      "test: %d users, %d interactions, of which %d are dropped as repeats of what the user had; "
      "not tested: %d users without a test part, %d with repeats alone\n",
      summary.test_users, summary.test_interactions, summary.test_repeats,
      summary.users_without_test, summary.users_with_repeats_only);
  if (!summary.has_times) return text + "ties: there are no times\n";
  absl::StrAppendFormat(
      &text,
      "ties: %s of the interactions have the time of another one of their user; for %d of %d "
      "users (%s) a cut between training, validation and test falls within a tie\n",
      Percent(summary.tied_interactions, summary.interactions), summary.users_cut_within_tie,
      summary.cut_users, Percent(summary.users_cut_within_tie, summary.cut_users));
  return text;
}

std::string SplitCaption(const SplitSummary& summary) {
  std::string text = absl::StrCat(summary.test_users, " test users, ", summary.test_repeats, " of ",
                                  summary.test_interactions, " test rows dropped, ");
  if (!summary.has_times) return text + "no times";
  absl::StrAppendFormat(&text, "%s of rows tied in time, %s of users cut within a tie",
                        Percent(summary.tied_interactions, summary.interactions),
                        Percent(summary.users_cut_within_tie, summary.cut_users));
  return text;
}

absl::Status CheckTestable(const SplitSummary& summary) {
  if (summary.train_interactions == 0)
    return absl::FailedPreconditionError(
        "there is nothing to train on: the training part is empty");
  if (summary.test_users == 0)
    return NothingNew("there is nothing to test on", "test", summary.test_interactions, summary);
  return absl::OkStatus();
}

absl::Status CheckRankable(const SplitSummary& summary) {
  if (summary.valid_interactions == summary.valid_repeats)
    return NothingNew("there is nothing to train the ranker on", "validation",
                      summary.valid_interactions, summary);
  return absl::OkStatus();
}

}  // namespace shortlist
