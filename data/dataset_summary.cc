#include "data/dataset_summary.h"

#include "absl/strings/str_cat.h"
#include "common/text/counts.h"

namespace shortlist {

std::vector<std::pair<uint64_t, std::string>> RowsLeftOut(const DatasetSummary& summary) {
  std::vector<std::pair<uint64_t, std::string>> left_out = {
      {summary.bad_rows, "malformed, of all files"},
      {summary.out_of_range, "out of the spec's range"},
      {summary.worth_nothing, "worth nothing"},
      {summary.later_or_earlier, "of several with one item"},
      {summary.rare, absl::StrCat("of ", Grouped(summary.rare_users), " users and ",
                                  Grouped(summary.rare_items), " items that are too rare")},
      {summary.test_refused, "refused in the test file"}};
  std::erase_if(left_out, [](const auto& reason) { return reason.first == 0; });
  return left_out;
}

std::vector<std::string> Describe(const DatasetSummary& summary) {
  std::vector<std::string> lines = {absl::StrCat("time: ", summary.time), summary.worth};
  if (summary.later_or_earlier + summary.rare > 0)
    lines.back() += "; counted before rows of several with one item and of the rare were left out";
  std::string left_out;
  for (const auto& [count, why] : RowsLeftOut(summary))
    absl::StrAppend(&left_out, left_out.empty() ? "" : "; ", WithShare(count, summary.rows), " ",
                    why);
  if (!left_out.empty()) lines.push_back(absl::StrCat("rows left out: ", left_out));
  if (summary.refused > 0)
    lines.push_back(absl::StrCat(Rows(summary.refused),
                                 " refused: negatives for the ranker, unknown to all else"));
  auto note = [&](uint64_t count, const std::string& what) {
    if (count > 0)
      lines.push_back(
          absl::StrCat("interactions ", what, ": ", WithShare(count, summary.interactions)));
  };
  note(summary.unknown_times, "at a time that is not known, taken for the oldest");
  note(summary.repeats, "with an item that the user had before");
  if (summary.users_below_3 > 0)
    lines.push_back(absl::StrCat("users with one or two interactions: ",
                                 WithShare(summary.users_below_3, summary.users)));
  if (summary.users_of_repeats > 0)
    lines.push_back(absl::StrCat("users with more, but of one item only: ",
                                 WithShare(summary.users_of_repeats, summary.users)));
  return lines;
}

}  // namespace shortlist
