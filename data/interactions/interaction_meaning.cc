#include "data/interactions/interaction_meaning.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "common/text/counts.h"
#include "common/text/strings.h"
#include "data/tables/bad_rows.h"

namespace shortlist {
namespace {

// Kinds of interaction that are named.
constexpr uint32_t kShownTypes = 10;

// Names file and line of a time that fits no unit.
absl::Status UnfitTimeError(std::span<const AtomicFile> files, const InteractionTable& table,
                            bool declared) {
  const TimeColumn& times = table.times;
  for (const AtomicFile& file : files) {
    const std::optional<size_t> column = file.FindColumn(table.time_column);
    if (!column) continue;
    BadRows stop(/*skip=*/false);
    RETURN_IF_ERROR(file.ForEachRow(stop, [&](std::span<const std::string_view> cells) {
      if (!times.IsFirstUnfit(cells[*column])) return absl::OkStatus();
      return absl::InvalidArgumentError(absl::StrFormat(
          "%s fits %s, nor does it in %s (%.1f %%) in all, beside %s: \"%s\"; %s",
          table.time_column, declared ? "no time of the declared time_unit" : "no unit of time",
          Rows(times.unfit()),
          100.0 * static_cast<double>(times.unfit()) / static_cast<double>(times.size()),
          times.Describe(), AbslView(cells[*column]),
          declared ? "without time_unit in the data set's spec it is recognised by its size"
                   : "time_unit in the data set's spec declares one"));
    }));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(table.time_column, "_list holds a time that fits no unit of time"));
}

const char* OrderWithoutTimes(const TimeReading& reading, const InteractionTable& table) {
  if (!reading.has_parts) return "a user's rows keep their order";
  if (std::any_of(table.in_sequence.begin(), table.in_sequence.end(), [](bool in) { return in; }))
    return "of a user's rows in one part, those of sequences keep their order";
  return "a user's rows in one part have no order";
}

}  // namespace

absl::Status RecogniseTimes(std::span<const AtomicFile> files, const TimeReading& reading,
                            InteractionTable& table, std::vector<bool>& keep,
                            DatasetSummary& summary) {
  TimeColumn& times = table.times;
  times.Recognise(reading.unit);
  if (times.unfit() > 0 && !reading.skip_unfit)
    return UnfitTimeError(files, table, reading.unit != TimeUnit::kRecognised);
  if (times.unfit() > 0) {
    keep.assign(times.size(), true);
    for (size_t row = 0; row < times.size(); ++row) keep[row] = !std::isnan(times[row]);
    summary.bad_rows += times.unfit();
    summary.notes.Warn(
        "", absl::StrCat(table.time_column, " fits no unit of time in ", Rows(times.unfit())));
  }
  summary.time = table.time_column.empty()
                     ? absl::StrCat("no column; ", OrderWithoutTimes(reading, table))
                     : absl::StrCat(table.time_column, ", ", times.Describe());
  if (!table.has_times) return absl::OkStatus();
  if (times.known() == 0) {
    table.has_times = false;
    summary.notes.Warn(
        "", absl::StrCat(table.time_column, ": no time is known: all are empty, 0 or -1"));
    return absl::OkStatus();
  }
  if (const std::string doubts = times.ImplausibleAt(reading.now_ms); !doubts.empty())
    summary.notes.Warn("",
                       absl::StrCat(table.time_column, ": ", doubts,
                                    "; time_unit in the data set's spec declares another unit"));
  return absl::OkStatus();
}

void RecogniseWorth(InteractionTable& table, DatasetSummary& summary) {
  if (table.worth.is_read_off_cells()) {
    summary.worth = table.worth.Describe();
    if (const std::string doubts = table.worth.Doubts(); !doubts.empty())
      summary.notes.Warn("", doubts);
    return;
  }
  RatingWorth derived = DeriveWorth(table.ratings, table.rating_column, table.listed);
  table.worths = std::move(derived.worths);
  summary.worth = std::move(derived.description);
  for (const std::string& warning : derived.warnings) summary.notes.Warn("", warning);
  if (table.type_column.empty()) return;
  for (uint32_t type = 0; type < table.type_counts.size() && type < kShownTypes; ++type)
    absl::StrAppend(&summary.worth, type == 0 ? absl::StrCat("; ", table.type_column, ": ") : ", ",
                    AbslView(table.types[type]), " (", Rows(table.type_counts[type]), ")");
  absl::StrAppend(&summary.worth, "; --positive \"", table.type_column, "=",
                  "...\" takes some alone");
}

}  // namespace shortlist
