#include "training/interaction_table.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "features/context_time.h"
#include "training/id_column.h"

namespace shortlist {
namespace {

constexpr double kMaxTime = 1e15;

// Where the .inter file has what.
struct InteractionColumns {
  size_t user;
  size_t item;
  std::optional<size_t> rating;
  std::optional<size_t> time;
};

absl::StatusOr<InteractionColumns> FindInteractionColumns(const AtomicFile& file) {
  InteractionColumns columns;
  ASSIGN_OR_RETURN(columns.user, FindIdColumn(file, "user"));
  ASSIGN_OR_RETURN(columns.item, FindIdColumn(file, "item"));
  if (columns.user == columns.item)
    return file.HeaderError("user and item must be in different columns");
  columns.rating = file.FindColumn("rating");
  columns.time = file.FindColumn("timestamp");
  return columns;
}

std::vector<ContextColumn> FindContextColumns(const AtomicFile& file,
                                              const InteractionColumns& known) {
  std::vector<ContextColumn> contexts;
  for (size_t c = 0; c < file.columns().size(); ++c) {
    if (c == known.user || c == known.item || c == known.rating || c == known.time) continue;
    const AtomicColumn& column = file.columns()[c];
    if (std::any_of(kTimeFields.begin(), kTimeFields.end(),
                    [&](const TimeField& field) { return field.name == column.name; })) {
      spdlog::warn("{}: column {} is ignored: it is derived from the timestamp", file.path(),
                   column.name);
    } else if (column.type != AtomicType::kToken) {
      spdlog::warn("{}: column {} is ignored: only tokens describe the context", file.path(),
                   column.name);
    } else {
      contexts.push_back({c, column.name, {}, {}});
    }
  }
  return contexts;
}

}  // namespace

absl::StatusOr<InteractionTable> ReadInteractionTable(const AtomicFile& file, Interner& users,
                                                      Interner& items, BadRows& bad_rows) {
  ASSIGN_OR_RETURN(InteractionColumns columns, FindInteractionColumns(file));
  InteractionTable table;
  table.contexts = FindContextColumns(file, columns);
  const std::string& user_name = file.columns()[columns.user].name;
  const std::string& item_name = file.columns()[columns.item].name;
  RETURN_IF_ERROR(file.ForEachRow(bad_rows, [&](std::span<const std::string_view> cells) {
    RETURN_IF_ERROR(CheckId(cells[columns.user], user_name));
    RETURN_IF_ERROR(CheckId(cells[columns.item], item_name));
    double value = 0;
    if (columns.rating && !cells[*columns.rating].empty()) {
      ASSIGN_OR_RETURN(value, ParseNumber(cells[*columns.rating], "rating"));
    }
    auto time = static_cast<double>(table.times.size());
    if (columns.time) {
      ASSIGN_OR_RETURN(time, ParseNumber(cells[*columns.time], "timestamp"));
      if (std::abs(time) > kMaxTime)
        return absl::InvalidArgumentError(
            "timestamp is out of range: seconds or milliseconds since 1970 are expected");
    }
    table.users.push_back(users.Intern(cells[columns.user]));
    table.items.push_back(items.Intern(cells[columns.item]));
    table.values.push_back(static_cast<float>(value));
    table.times.push_back(time);
    for (ContextColumn& context : table.contexts) {
      std::string_view cell = cells[context.column];
      context.positions.push_back(cell.empty() ? ContextColumn::kNoValue
                                               : context.values.Intern(cell));
    }
    return absl::OkStatus();
  }));
  if (table.users.empty())
    return absl::InvalidArgumentError(absl::StrCat(file.path(), ": there are no interactions"));
  return table;
}

}  // namespace shortlist
