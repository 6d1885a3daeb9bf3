#include "data/interaction_table.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "data/id_column.h"
#include "features/context_time.h"

namespace shortlist {
namespace {

constexpr double kMaxTime = 1e15;

// Where the .inter file has what.
struct InteractionColumns {
  size_t user;
  size_t item;
  std::optional<size_t> rating;
  std::optional<size_t> time;
  SequenceColumns sequence;
};

absl::StatusOr<InteractionColumns> FindInteractionColumns(const AtomicFile& file) {
  InteractionColumns columns;
  ASSIGN_OR_RETURN(columns.user, FindIdColumn(file, "user"));
  ASSIGN_OR_RETURN(columns.item, FindIdColumn(file, "item"));
  if (columns.user == columns.item)
    return file.HeaderError("user and item must be in different columns");
  columns.rating = file.FindColumn("rating");
  columns.time = file.FindColumn("timestamp");
  columns.sequence = FindSequenceColumns(file, columns.user, columns.item, columns.time);
  return columns;
}

// Positions in the file of the columns that describe the context.
std::vector<size_t> FindContextColumns(const AtomicFile& file, const InteractionColumns& known) {
  std::vector<size_t> contexts;
  for (size_t c = 0; c < file.columns().size(); ++c) {
    if (c == known.user || c == known.item || c == known.rating || c == known.time) continue;
    if (c == known.sequence.items || c == known.sequence.times) continue;
    const AtomicColumn& column = file.columns()[c];
    if (std::any_of(kTimeFields.begin(), kTimeFields.end(),
                    [&](const TimeField& field) { return field.name == column.name; })) {
      LogWarning(absl::StrCat(file.path(), ": column ", column.name,
                              " is ignored: it is derived from the timestamp"));
    } else if (column.type != AtomicType::kToken) {
      LogWarning(absl::StrCat(file.path(), ": column ", column.name,
                              " is ignored: only tokens describe the context"));
    } else {
      contexts.push_back(c);
    }
  }
  return contexts;
}

// The table's column of that name, made where it is new: without a value in the rows so far.
size_t ContextColumnNamed(std::string_view name, InteractionTable& table) {
  for (size_t c = 0; c < table.contexts.size(); ++c)
    if (table.contexts[c].name == name) return c;
  table.contexts.push_back({.name = std::string(name), .values = {}, .positions = {}});
  table.contexts.back().positions.assign(table.users.size(), ContextColumn::kNoValue);
  return table.contexts.size() - 1;
}

}  // namespace

absl::Status ReadInteractions(const AtomicFile& file, Interner& users, Interner& items,
                              BadRows& bad_rows, InteractionTable& table) {
  ASSIGN_OR_RETURN(InteractionColumns columns, FindInteractionColumns(file));
  const size_t rows_before = table.users.size();
  table.has_times = columns.time.has_value() && (rows_before == 0 || table.has_times);
  std::vector<std::pair<size_t, size_t>> contexts;  // Position in the file, in the table.
  for (size_t column : FindContextColumns(file, columns))
    contexts.emplace_back(column, ContextColumnNamed(file.columns()[column].name, table));
  const std::string& user_name = file.columns()[columns.user].name;
  const std::string& item_name = file.columns()[columns.item].name;
  const auto use = [&](std::span<const std::string_view> cells) -> absl::Status {
    RETURN_IF_ERROR(CheckId(cells[columns.user], user_name));
    RETURN_IF_ERROR(CheckId(cells[columns.item], item_name));
    double value = 0;
    if (columns.rating && !cells[*columns.rating].empty()) {
      ASSIGN_OR_RETURN(value, ParseNumber(cells[*columns.rating], "rating"));
      if (!std::isfinite(static_cast<float>(value)))
        return absl::InvalidArgumentError("rating is out of range");
    }
    auto time = static_cast<double>(table.times.size());
    if (columns.time) {
      ASSIGN_OR_RETURN(time, ParseNumber(cells[*columns.time], "timestamp"));
      if (std::abs(time) > kMaxTime)
        return absl::InvalidArgumentError(
            "timestamp is out of range: seconds or milliseconds since 1970 are expected");
    }
    if (table.sequences.in_list())
      table.listed.push_back(static_cast<uint32_t>(table.users.size()));
    table.users.push_back(users.Intern(cells[columns.user]));
    table.items.push_back(items.Intern(cells[columns.item]));
    table.values.push_back(static_cast<float>(value));
    table.times.push_back(time);
    for (auto [column, position] : contexts) {
      ContextColumn& context = table.contexts[position];
      context.positions.push_back(cells[column].empty() ? ContextColumn::kNoValue
                                                        : context.values.Intern(cells[column]));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(table.sequences.ForEachRow(file, columns.sequence, bad_rows, use));
  if (table.users.size() == rows_before)
    return absl::InvalidArgumentError(absl::StrCat(file.path(), ": there are no interactions"));
  for (ContextColumn& context : table.contexts)
    context.positions.resize(table.users.size(), ContextColumn::kNoValue);
  return absl::OkStatus();
}

}  // namespace shortlist
