#include "app/importing/import_plan.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "app/text_table.h"
#include "common/text/counts.h"
#include "common/text/strings.h"
#include "data/interactions/interaction_worth.h"

namespace shortlist {
namespace {

constexpr size_t kExampleWidth = 24;

std::string Share(uint64_t part, uint64_t whole) {
  if (part == 0 || whole == 0) return "";
  return 1'000 * part < whole ? "< 0.1 %" : Percent(part, whole);
}

std::string MeaningOf(const OutputColumn& column, const DatasetSpec& spec) {
  const ColumnSpec* declared = spec.FindColumn(column.name);
  switch (column.kind) {
    case CellKind::kId:
      return "id";
    case CellKind::kNumber:
    case CellKind::kAttributeNumber:
      return "number";
    case CellKind::kTime:
      return "time";
    case CellKind::kText:
      break;
  }
  if (declared != nullptr && declared->type == ColumnType::kTitle) return "title";
  if (declared != nullptr && declared->type == ColumnType::kTokens)
    return absl::StrCat("values between \"", declared->separator, "\"");
  return "value";
}

uint64_t MissingCells(const OutputColumn& column, const ColumnSample& sample) {
  if (column.kind == CellKind::kId) return 0;  // They are bad.
  return column.kind == CellKind::kText ? sample.empty : sample.missing;
}

uint64_t BadCells(const OutputColumn& column, const ColumnSample& sample) {
  switch (column.kind) {
    case CellKind::kId:
      return sample.empty + sample.arrays + sample.objects;
    case CellKind::kNumber:
      return sample.dates + sample.texts - sample.booleans + sample.objects;
    case CellKind::kAttributeNumber:
      return sample.dates + sample.texts + sample.objects;
    case CellKind::kTime:
      return sample.texts + sample.objects;
    case CellKind::kText:
      break;
  }
  return sample.objects;
}

std::string FormatTable(const TableReading& table, const DatasetSpec& spec) {
  const TableSample& sample = table.sample;
  std::string text =
      absl::StrCat(table.path, ": ", table.role, ", by ", sample.whole ? "all " : "a sample of ",
                   sample.rows, " rows",
                   sample.bad_rows == 0
                       ? ""
                       : absl::StrCat("; ", sample.bad_rows, " more are bad: ", sample.first_error),
                   "\n");
  TextTable columns({{"column"},
                     {"becomes"},
                     {"as"},
                     {"missing", TextTable::kRight},
                     {"bad", TextTable::kRight},
                     {"examples"}});
  for (const OutputColumn& column : table.output.columns) {
    const auto it = std::find_if(
        sample.columns.begin(), sample.columns.end(),
        [&](const ColumnSample& candidate) { return candidate.name == column.source; });
    if (it == sample.columns.end()) {  // The labels of impressions.
      columns.AddRow({"", column.name, "number", "", "", ""});
      continue;
    }
    std::vector<std::string> examples;
    for (const std::string& example : it->examples)
      examples.push_back(Shorten(example, kExampleWidth));
    columns.AddRow({column.source, column.name, MeaningOf(column, spec),
                    Share(MissingCells(column, *it), sample.rows),
                    Share(BadCells(column, *it), sample.rows), absl::StrJoin(examples, ", ")});
  }
  absl::StrAppend(&text, columns.ToString());
  std::map<std::string, std::vector<std::string>> ignored;  // By the reason.
  for (const IgnoredColumn& column : table.output.ignored)
    ignored[column.why].push_back(column.source);
  for (const auto& [why, names] : ignored)
    absl::StrAppend(&text, "ignored (", why, "): ", absl::StrJoin(names, ", "), "\n");
  return text;
}

std::string FormatWorth(const DatasetSpec& spec) {
  if (spec.worth.empty()) {
    if (!spec.label_column.empty())
      return absl::StrCat("learned from: interactions whose ", spec.label_column,
                          " is 1; 0 is refused\n");
    const char* ratings = spec.rating_column.empty()
                              ? ""
                              : " (where ratings are only ever 0 and 1, those with 1); --positive "
                                "\"rating>=N\" would "
                                "say what is liked";
    return absl::StrCat("learned from: all interactions, as no --positive is given", ratings, "\n");
  }
  std::vector<std::string> positive, neutral, refused;
  for (const WorthRule& rule : spec.worth)
    (rule.worth > 0 ? positive : rule.worth < 0 ? refused : neutral).push_back(Describe(rule));
  std::string text = "learned from: ";
  if (positive.empty())
    absl::StrAppend(&text, "all interactions but those below");
  else
    absl::StrAppend(&text, "interactions with ", absl::StrJoin(positive, " or "));
  if (!refused.empty()) absl::StrAppend(&text, "; refused: ", absl::StrJoin(refused, " or "));
  if (!neutral.empty()) absl::StrAppend(&text, "; left out: ", absl::StrJoin(neutral, " or "));
  return absl::StrCat(text, positive.empty() ? "\n" : "; all others are left out\n");
}

}  // namespace

std::string FormatImportPlan(const TablePlan& plan) {
  std::string text;
  for (const TableReading& table : plan.tables)
    absl::StrAppend(&text, FormatTable(table, plan.spec), "\n");
  return absl::StrCat(text, FormatWorth(plan.spec));
}

}  // namespace shortlist
