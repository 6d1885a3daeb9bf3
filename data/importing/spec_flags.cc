#include "data/importing/spec_flags.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "data/tables/atomic_file.h"

namespace shortlist {
namespace {

// "column=value".
struct Assignment {
  std::string_view column;
  std::string_view value;
};

absl::StatusOr<Assignment> ParseAssignment(std::string_view text, std::string_view form) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return absl::InvalidArgumentError(
        absl::StrCat("\"", AbslView(text), "\" is not of the form ", AbslView(form)));
  return Assignment{text.substr(0, equals), text.substr(equals + 1)};
}

void Replace(const std::string& from, std::string& to) {
  if (!from.empty()) to = from;
}

}  // namespace

absl::Status AddRange(std::string_view text, DatasetSpec& spec) {
  ASSIGN_OR_RETURN(const Assignment range, ParseAssignment(text, "COLUMN=MIN..MAX"));
  const size_t dots = range.value.find("..");
  if (dots == std::string_view::npos || range.value == "..")
    return absl::InvalidArgumentError(
        absl::StrCat("\"", AbslView(text), "\" is not of the form COLUMN=MIN..MAX"));
  ColumnSpec& column = ColumnNamed(range.column, spec);
  const std::string_view min = range.value.substr(0, dots);
  const std::string_view max = range.value.substr(dots + 2);
  if (!min.empty()) {
    ASSIGN_OR_RETURN(column.min, ParseNumber(min, "the least value"));
  }
  if (!max.empty()) {
    ASSIGN_OR_RETURN(column.max, ParseNumber(max, "the greatest value"));
  }
  if (column.min && column.max && *column.min > *column.max)
    return absl::InvalidArgumentError(
        absl::StrCat("\"", AbslView(text), "\": the least value is above the greatest"));
  return absl::OkStatus();
}

absl::Status AddMissing(std::string_view text, DatasetSpec& spec) {
  ASSIGN_OR_RETURN(const Assignment missing, ParseAssignment(text, "COLUMN=VALUE"));
  ColumnNamed(missing.column, spec).missing.emplace_back(missing.value);
  return absl::OkStatus();
}

absl::Status AddSeparator(std::string_view text, DatasetSpec& spec) {
  ASSIGN_OR_RETURN(const Assignment separator, ParseAssignment(text, "COLUMN=SEPARATOR"));
  if (separator.value.empty())
    return absl::InvalidArgumentError(absl::StrCat("\"", AbslView(text), "\": no separator"));
  ColumnSpec& column = ColumnNamed(separator.column, spec);
  column.type = ColumnType::kTokens;
  column.separator = separator.value;
  return absl::OkStatus();
}

ColumnSpec& ColumnNamed(std::string_view name, DatasetSpec& spec) {
  auto it = std::find_if(spec.columns.begin(), spec.columns.end(),
                         [&](const ColumnSpec& column) { return column.name == name; });
  if (it != spec.columns.end()) return *it;
  ColumnSpec& column = spec.columns.emplace_back();
  column.name = name;
  return column;
}

void OverlayColumn(const ColumnSpec& over, ColumnSpec& column) {
  if (over.type != ColumnType::kRecognised) {
    column.type = over.type;
    if (over.type != ColumnType::kTokens) column.separator.clear();
  }
  Replace(over.separator, column.separator);
  for (const std::string& cell : over.missing)
    if (std::find(column.missing.begin(), column.missing.end(), cell) == column.missing.end())
      column.missing.push_back(cell);
  if (over.min) column.min = over.min;
  if (over.max) column.max = over.max;
}

DatasetSpec Overlay(DatasetSpec spec, const DatasetSpec& over) {
  Replace(over.user_column, spec.user_column);
  Replace(over.item_column, spec.item_column);
  Replace(over.time_column, spec.time_column);
  Replace(over.rating_column, spec.rating_column);
  Replace(over.label_column, spec.label_column);
  Replace(over.type_column, spec.type_column);
  if (over.time_unit != TimeUnit::kRecognised) spec.time_unit = over.time_unit;
  if (!over.worth.empty()) spec.worth = over.worth;
  for (const ColumnSpec& column : over.columns)
    OverlayColumn(column, ColumnNamed(column.name, spec));
  if (over.duplicates != Duplicates::kUnsaid) spec.duplicates = over.duplicates;
  if (over.min_user_interactions > 0) spec.min_user_interactions = over.min_user_interactions;
  if (over.min_item_interactions > 0) spec.min_item_interactions = over.min_item_interactions;
  return spec;
}

}  // namespace shortlist
