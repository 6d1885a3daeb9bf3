#include "data/interactions/interaction_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/counts.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "data/id_column.h"
#include "data/tables/no_value.h"
#include "features/context_time.h"

namespace shortlist {
namespace {

constexpr std::array<std::string_view, 4> kTimeNames = {"timestamp", "time", "datetime", "date"};
constexpr std::array<std::string_view, 1> kRatingNames = {"rating"};
constexpr std::array<std::string_view, 1> kLabelNames = {"label"};
constexpr std::array<std::string_view, 7> kTypeNames = {
    "event_type",  "event",  "behavior_type",   "behavior",
    "action_type", "action", "interaction_type"};

// Where the .inter file has what.
struct InteractionColumns {
  size_t user;
  size_t item;
  std::optional<size_t> rating;
  std::optional<size_t> time;
  std::optional<size_t> label;
  std::optional<size_t> type;
  SequenceColumns sequence;

  bool Has(size_t column) const {
    return column == user || column == item || column == rating || column == time ||
           column == label || column == type || column == sequence.items ||
           column == sequence.times;
  }
};

absl::StatusOr<size_t> FindDeclared(const AtomicFile& file, const std::string& name) {
  if (const std::optional<size_t> column = file.FindColumn(name)) return *column;
  return file.HeaderError(absl::StrCat("there is no column \"", name, "\", which the spec names"));
}

// The declared column or, where none is, the first of the usual names.
template <size_t kNames>
absl::StatusOr<std::optional<size_t>> FindKnown(const AtomicFile& file, const std::string& declared,
                                                const std::array<std::string_view, kNames>& names) {
  if (!declared.empty()) {
    ASSIGN_OR_RETURN(const size_t column, FindDeclared(file, declared));
    return column;
  }
  for (std::string_view name : names)
    if (const std::optional<size_t> column = file.FindColumn(name)) return column;
  return std::nullopt;
}

absl::StatusOr<size_t> FindIds(const AtomicFile& file, const std::string& declared,
                               const std::string& kind) {
  if (!declared.empty()) return FindDeclared(file, declared);
  return FindIdColumn(file, kind);
}

absl::StatusOr<InteractionColumns> FindInteractionColumns(const AtomicFile& file,
                                                          const DatasetSpec& spec) {
  InteractionColumns columns;
  ASSIGN_OR_RETURN(columns.user, FindIds(file, spec.user_column, "user"));
  ASSIGN_OR_RETURN(columns.item, FindIds(file, spec.item_column, "item"));
  if (columns.user == columns.item)
    return file.HeaderError("user and item must be in different columns");
  ASSIGN_OR_RETURN(columns.rating, FindKnown(file, spec.rating_column, kRatingNames));
  ASSIGN_OR_RETURN(columns.time, FindKnown(file, spec.time_column, kTimeNames));
  ASSIGN_OR_RETURN(columns.label, FindKnown(file, spec.label_column, kLabelNames));
  ASSIGN_OR_RETURN(columns.type, FindKnown(file, spec.type_column, kTypeNames));
  columns.sequence = FindSequenceColumns(file, columns.user, columns.item, columns.time);
  return columns;
}

// Whether cells of a column are anything but 0 and 1.
struct Flags {
  size_t column;
  uint64_t zeros = 0, ones = 0;
  bool others = false;

  void Count(std::string_view cell) {
    if (cell == "0" || cell == "0.0")
      ++zeros;
    else if (cell == "1" || cell == "1.0")
      ++ones;
    else
      others = others || !cell.empty();
  }
};

// What a spec says of a column's cells.
struct CellRule {
  size_t column;
  const ColumnSpec* spec;
};

// What to do with the columns beyond the known ones.
struct OtherColumns {
  std::vector<size_t> contexts;
  std::vector<Flags> flags;  // Columns of numbers that may be a label.
};

OtherColumns SortOut(const AtomicFile& file, const DatasetSpec& spec,
                     const InteractionColumns& known, const InteractionWorth& worth) {
  OtherColumns others;
  for (size_t c = 0; c < file.columns().size(); ++c) {
    if (known.Has(c) || worth.Uses(c)) continue;
    const AtomicColumn& column = file.columns()[c];
    const ColumnSpec* said = spec.FindColumn(column.name);
    const ColumnType type = said != nullptr ? said->type : ColumnType::kRecognised;
    if (type == ColumnType::kIgnored) continue;
    if (std::any_of(kTimeFields.begin(), kTimeFields.end(),
                    [&](const TimeField& field) { return field.name == column.name; })) {
      LogWarning(absl::StrCat(file.path(), ": column ", column.name,
                              " is ignored: it is derived from the timestamp"));
    } else if (type == ColumnType::kToken ||
               (type == ColumnType::kRecognised && column.type == AtomicType::kToken)) {
      others.contexts.push_back(c);
    } else {
      LogWarning(absl::StrCat(file.path(), ": column ", column.name,
                              " is ignored: only tokens describe the context"));
      if (column.type == AtomicType::kFloat) others.flags.push_back({.column = c});
    }
  }
  return others;
}

// The table's column of that name, made where it is new: without a value in the rows so far.
size_t ContextColumnNamed(std::string_view name, InteractionTable& table) {
  for (size_t c = 0; c < table.contexts.size(); ++c)
    if (table.contexts[c].name == name) return c;
  table.contexts.push_back({.name = std::string(name), .values = {}, .positions = {}});
  table.contexts.back().positions.assign(table.users.size(), ContextColumn::kNoValue);
  return table.contexts.size() - 1;
}

// Takes out the cells that mean that there is no value. False: a number is out of its range.
absl::StatusOr<bool> Apply(std::span<const CellRule> rules, std::span<std::string_view> cells) {
  for (const auto& [column, spec] : rules) {
    std::string_view& cell = cells[column];
    if (std::find(spec->missing.begin(), spec->missing.end(), cell) != spec->missing.end())
      cell = {};
    if ((!spec->min && !spec->max) || MeansNoValue(cell)) continue;
    ASSIGN_OR_RETURN(const double number, ParseNumber(cell, spec->name));
    if ((spec->min && number < *spec->min) || (spec->max && number > *spec->max)) return false;
  }
  return true;
}

void WarnOfFlags(const AtomicFile& file, std::span<const Flags> flags) {
  for (const Flags& flag : flags) {
    if (flag.others || flag.zeros == 0 || flag.ones == 0) continue;
    const std::string& name = file.columns()[flag.column].name;
    LogWarning(absl::StrCat(file.path(), ": column ", name, " is only ever 0 (", Rows(flag.zeros),
                            ") or 1 (", Rows(flag.ones),
                            "): if it says what was taken and what refused, name it with "
                            "--positive \"",
                            name, "=1\" --negative \"", name, "=0\""));
  }
}

}  // namespace

absl::Status ReadInteractions(const AtomicFile& file, const DatasetSpec& spec, Interner& users,
                              Interner& items, BadRows& bad_rows, InteractionTable& table) {
  ASSIGN_OR_RETURN(const InteractionColumns columns, FindInteractionColumns(file, spec));
  const size_t rows_before = table.users.size();
  if (rows_before == 0) table.worth = InteractionWorth(spec.worth);
  RETURN_IF_ERROR(table.worth.Bind(file, columns.label));
  table.has_times = columns.time.has_value() && (rows_before == 0 || table.has_times);
  auto name_of = [&](std::optional<size_t> column) {
    return column ? file.columns()[*column].name : "";
  };
  table.time_column = name_of(columns.time);
  table.rating_column = name_of(columns.rating);
  table.type_column = name_of(columns.type);
  const bool counts_types = columns.type && !table.worth.Uses(*columns.type);

  OtherColumns others = SortOut(file, spec, columns, table.worth);
  if (table.worth.is_read_off_cells() || columns.rating) others.flags.clear();
  std::vector<std::pair<size_t, size_t>> contexts;  // Position in the file, in the table.
  for (size_t column : others.contexts)
    contexts.emplace_back(column, ContextColumnNamed(file.columns()[column].name, table));
  std::vector<CellRule> rules;
  for (size_t c = 0; c < file.columns().size(); ++c) {
    const ColumnSpec* said = spec.FindColumn(file.columns()[c].name);
    if (said != nullptr && (!said->missing.empty() || said->min || said->max))
      rules.push_back({c, said});
  }
  const std::string& user_name = file.columns()[columns.user].name;
  const std::string& item_name = file.columns()[columns.item].name;
  std::vector<std::string_view> changed;
  const auto use = [&](std::span<const std::string_view> cells) -> absl::Status {
    if (!rules.empty()) {
      changed.assign(cells.begin(), cells.end());
      ASSIGN_OR_RETURN(const bool in_range, Apply(rules, changed));
      if (!in_range) {
        ++table.out_of_range;
        return absl::OkStatus();
      }
      cells = changed;
    }
    RETURN_IF_ERROR(CheckId(cells[columns.user], user_name));
    RETURN_IF_ERROR(CheckId(cells[columns.item], item_name));
    double rating = std::numeric_limits<double>::quiet_NaN();
    if (columns.rating && !MeansNoValue(cells[*columns.rating])) {
      ASSIGN_OR_RETURN(rating, ParseNumber(cells[*columns.rating], table.rating_column));
      if (!std::isfinite(static_cast<float>(rating)))
        return absl::InvalidArgumentError(absl::StrCat(table.rating_column, " is out of range"));
    }
    float worth = 1;  // Of what a list holds, too: it has no cells of its own.
    if (table.worth.is_read_off_cells() && !table.sequences.in_list()) {
      ASSIGN_OR_RETURN(worth, table.worth.Of(cells));
    }
    if (columns.time)
      RETURN_IF_ERROR(table.times.Add(cells[*columns.time], table.time_column));
    else
      table.times.AddUnknown();
    if (table.worth.is_read_off_cells()) table.worths.push_back(worth);
    if (table.sequences.in_list())
      table.listed.push_back(static_cast<uint32_t>(table.users.size()));
    table.users.push_back(users.Intern(cells[columns.user]));
    table.items.push_back(items.Intern(cells[columns.item]));
    table.ratings.push_back(static_cast<float>(rating));
    for (auto [column, position] : contexts) {
      ContextColumn& context = table.contexts[position];
      context.positions.push_back(cells[column].empty() ? ContextColumn::kNoValue
                                                        : context.values.Intern(cells[column]));
    }
    if (counts_types && !cells[*columns.type].empty()) {
      const uint32_t type = table.types.Intern(cells[*columns.type]);
      if (type == table.type_counts.size()) table.type_counts.push_back(0);
      ++table.type_counts[type];
    }
    for (Flags& flag : others.flags) flag.Count(cells[flag.column]);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(table.sequences.ForEachRow(file, columns.sequence, bad_rows, use));
  if (table.users.size() == rows_before)
    return absl::InvalidArgumentError(
        absl::StrCat(file.path(), ": there are no interactions",
                     table.out_of_range > 0 ? " within the ranges of the spec" : ""));
  for (ContextColumn& context : table.contexts)
    context.positions.resize(table.users.size(), ContextColumn::kNoValue);
  WarnOfFlags(file, others.flags);
  return absl::OkStatus();
}

}  // namespace shortlist
