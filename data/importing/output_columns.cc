#include "data/importing/output_columns.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "data/attributes/separators.h"
#include "data/importing/input/json_rows.h"
#include "data/importing/interaction_cells.h"
#include "data/importing/spec_flags.h"
#include "data/importing/usual_names.h"
#include "data/tables/cell_numbers.h"

namespace shortlist {
namespace {

// Cells that are longer on average are texts, not attributes.
constexpr uint64_t kMaxMeanBytes = 100;

std::vector<std::string> Names(const TableSample& sample) {
  std::vector<std::string> names;
  for (const ColumnSample& column : sample.columns) names.push_back(column.name);
  return names;
}

bool HasSource(const OutputColumns& output, std::string_view source) {
  return std::any_of(output.columns.begin(), output.columns.end(),
                     [&](const OutputColumn& column) { return column.source == source; });
}

// A colon ends the name in an atomic file's header, a tab the column.
std::string SafeName(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ':' || c == '\t' || c == '\n'; }, '_');
  return name;
}

absl::Status Add(OutputColumn column, std::string_view table, OutputColumns& output) {
  column.name = SafeName(std::move(column.name));
  for (const OutputColumn& other : output.columns)
    if (other.name == column.name)
      return absl::InvalidArgumentError(absl::StrCat(AbslView(table),
                                                     ": two columns would be called ", column.name,
                                                     ": ", other.source, " and ", column.source));
  output.columns.push_back(std::move(column));
  return absl::OkStatus();
}

// The data set's name for a column that is among them, under either name.
std::optional<std::string> NewName(const OutputColumns& output, std::string_view name) {
  for (const OutputColumn& column : output.columns)
    if (column.source == name) return column.name;
  for (const OutputColumn& column : output.columns)
    if (column.name == name) return column.name;
  return std::nullopt;
}

bool IsNumeric(std::string_view column, const DatasetSpec& spec) {
  for (const WorthRule& rule : spec.worth)
    if (rule.column == column && rule.condition != WorthRule::Condition::kIs) return true;
  const ColumnSpec* declared = spec.FindColumn(column);
  return declared != nullptr &&
         (declared->type == ColumnType::kNumber || declared->min || declared->max);
}

bool IsAboutRole(std::string_view column) {
  return column == "rating" || column == "label" || column == "timestamp";
}

// What no interaction can have: an id that is a number, or a role with several values.
absl::Status CheckDeclared(const OutputColumns& output, std::string_view table,
                           const DatasetSpec& spec) {
  const auto error = [&](const OutputColumn& column, std::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(table), ": column ", column.source, " holds ", AbslView(what)));
  };
  for (const OutputColumn& column : output.columns) {
    const ColumnSpec* declared = spec.FindColumn(column.name);
    if (column.kind != CellKind::kText && declared != nullptr &&
        declared->type == ColumnType::kTokens)
      return error(column, "one value a cell: it can have no separator");
    if (column.kind != CellKind::kId) continue;
    const bool in_rule =
        std::any_of(spec.worth.begin(), spec.worth.end(), [&](const WorthRule& rule) {
          return rule.column == column.name && rule.condition != WorthRule::Condition::kIs;
        });
    if (in_rule || (declared != nullptr && (declared->min || declared->max)))
      return error(column, "ids: they can have no range, and no rule with >= or <=");
  }
  return absl::OkStatus();
}

// The separator of a column's cells that hold several values; empty where they seem to hold one.
// Other texts have spaces, commas and semicolons, too.
std::string FindSeparator(const ColumnSample& column) {
  if (column.arrays > 0) return std::string(1, JsonRows::kJoint);
  const std::vector<std::string_view> cells(column.cells.begin(), column.cells.end());
  std::string separator = RecogniseSeparator(cells).separator;
  const bool taken = separator == "|" || (separator != " " && IsListName(column.name));
  return taken ? separator : "";
}

// Why it can be no attribute; empty where it can. Rows that have not been looked at may hold what
// others lack.
std::string WhyIgnored(const ColumnSample& column, const TableSample& sample, bool title) {
  if (column.name.empty()) return "it has no name";
  if (column.objects > 0) return "it holds objects";
  if (column.filled() == 0 && sample.whole && sample.rows > 0 && sample.bad_rows == 0)
    return "it is empty";
  if (!title && column.arrays == 0 && column.bytes > kMaxMeanBytes * column.filled())
    return "its texts are too long for an attribute";
  if (!column.examples.empty() && column.examples[0].starts_with("http"))
    return "it holds addresses";
  return "";
}

}  // namespace

absl::StatusOr<OutputColumns> ChooseInteractionColumns(const TableSample& sample,
                                                       const std::vector<std::string>& contexts,
                                                       bool impressions, std::string_view table,
                                                       DatasetSpec& spec) {
  const std::vector<std::string> names = Names(sample);
  OutputColumns output;
  output.impressions = impressions;
  struct RoleColumn {
    ColumnRole role;
    std::string& declared;
    const char* name;
    CellKind kind;
    std::string_view type;
  };
  const RoleColumn roles[] = {
      {ColumnRole::kUser, spec.user_column, "user_id", CellKind::kId, "token"},
      {ColumnRole::kItem, spec.item_column, "item_id", CellKind::kId, "token"},
      {ColumnRole::kRating, spec.rating_column, "rating", CellKind::kNumber, "float"},
      {ColumnRole::kLabel, spec.label_column, "label", CellKind::kNumber, "float"},
      {ColumnRole::kTime, spec.time_column, "timestamp", CellKind::kTime, "float"},
      {ColumnRole::kType, spec.type_column, "", CellKind::kText, "token"}};
  std::vector<std::string> new_names;
  for (const RoleColumn& role : roles) {
    std::string& new_name = new_names.emplace_back();
    if (role.role == ColumnRole::kLabel && impressions) {
      new_name = "label";
      continue;
    }
    ASSIGN_OR_RETURN(const std::optional<std::string> source,
                     FindRole(role.role, role.declared, names, table));
    if (!source && role.kind == CellKind::kId)
      return absl::InvalidArgumentError(absl::StrCat(AbslView(table), ": which column is the ",
                                                     AbslView(RoleName(role.role)), "? ",
                                                     absl::StrJoin(names, ", "), "; say it with --",
                                                     AbslView(RoleName(role.role)), " COLUMN"));
    if (!source) continue;
    if (HasSource(output, *source))
      return absl::InvalidArgumentError(
          absl::StrCat(AbslView(table), ": column ", *source, " has two meanings"));
    new_name = *role.name != '\0' ? role.name : SafeName(*source);
    RETURN_IF_ERROR(Add({*source, new_name, role.kind, role.type}, table, output));
  }

  // What else is spoken of.
  std::vector<std::string> wanted = contexts;
  for (const WorthRule& rule : spec.worth) wanted.push_back(rule.column);
  for (const ColumnSpec& column : spec.columns)
    if (std::find(names.begin(), names.end(), column.name) != names.end() &&
        column.type != ColumnType::kIgnored)
      wanted.push_back(column.name);
  for (const std::string& name : wanted) {
    if (HasSource(output, name) || (impressions && name == "label")) continue;
    const bool in_table = std::find(names.begin(), names.end(), name) != names.end();
    if (!in_table && IsAboutRole(name) && NewName(output, name)) continue;
    if (!in_table)
      return absl::InvalidArgumentError(absl::StrCat(AbslView(table), ": there is no column ", name,
                                                     "; there are: ", absl::StrJoin(names, ", ")));
    const ColumnSpec* declared = spec.FindColumn(name);
    const bool list = declared != nullptr && declared->type == ColumnType::kTokens;
    const bool number = IsNumeric(name, spec);
    RETURN_IF_ERROR(Add({name, name, number ? CellKind::kNumber : CellKind::kText,
                         number ? "float"
                         : list ? "token_seq"
                                : "token"},
                        table, output));
  }
  if (impressions) RETURN_IF_ERROR(Add({"", "label", CellKind::kNumber, "float"}, table, output));
  for (const std::string& name : names)
    if (!HasSource(output, name)) output.ignored.push_back({name, "--context keeps it"});

  for (WorthRule& rule : spec.worth) rule.column = NewName(output, rule.column).value();
  // Under its old name and its new one the same may be meant.
  for (ColumnSpec& column : std::exchange(spec.columns, {})) {
    column.name = NewName(output, column.name).value_or(column.name);
    OverlayColumn(column, ColumnNamed(column.name, spec));
  }
  for (OutputColumn& column : output.columns) {
    if (const ColumnSpec* declared = spec.FindColumn(column.name))
      column.missing = declared->missing;
    if (column.kind != CellKind::kNumber) continue;
    for (WorthRule& rule : spec.worth)  // As the cells are written.
      if (const std::optional<bool> yes = ReadBoolean(rule.is); yes && rule.column == column.name)
        rule.is = *yes ? "1" : "0";
  }
  for (size_t r = 0; r < new_names.size(); ++r) roles[r].declared = new_names[r];
  RETURN_IF_ERROR(CheckDeclared(output, table, spec));
  return output;
}

absl::StatusOr<OutputColumns> ChooseAttributeColumns(const TableSample& sample,
                                                     const AttributeTable& table,
                                                     std::string_view path, DatasetSpec& spec) {
  const std::vector<std::string> names = Names(sample);
  const auto is_there = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::optional<std::string> id = table.id;
  if (table.id.empty() && is_there(table.interactions_id)) {
    id = table.interactions_id;
  } else {
    const ColumnRole role = table.kind == "user" ? ColumnRole::kUser : ColumnRole::kItem;
    ASSIGN_OR_RETURN(id, FindRole(role, table.id, names, path));
    if (!id && is_there("id")) id = "id";
  }
  if (!id)
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(path), ": which column is the ", table.kind, "'s id? ",
                     absl::StrJoin(names, ", "), "; say it with --", table.kind, "-id COLUMN"));
  for (const std::string& column : table.columns)
    if (!is_there(column))
      return absl::InvalidArgumentError(absl::StrCat(AbslView(path), ": there is no column ",
                                                     column,
                                                     "; there are: ", absl::StrJoin(names, ", ")));

  OutputColumns output;
  output.columns.push_back({*id, absl::StrCat(table.kind, "_id"), CellKind::kId, "token"});
  bool has_title = std::any_of(spec.columns.begin(), spec.columns.end(), [&](const auto& column) {
    return column.type == ColumnType::kTitle && is_there(column.name);
  });
  for (const ColumnSample& column : sample.columns) {
    if (column.name == *id) continue;
    const ColumnSpec declared =
        spec.FindColumn(column.name) != nullptr ? *spec.FindColumn(column.name) : ColumnSpec{};
    const bool chosen =
        std::find(table.columns.begin(), table.columns.end(), column.name) != table.columns.end();
    const bool title = declared.type == ColumnType::kRecognised && table.kind == "item" &&
                       !has_title && IsTitleName(column.name) && (chosen || table.columns.empty());
    std::string why;
    if (declared.type == ColumnType::kIgnored)
      why = "it is declared so";
    else if (!chosen && !table.columns.empty())
      why = absl::StrCat("--", table.kind, "-columns does not name it");
    else if (!chosen && declared.type == ColumnType::kRecognised)
      why = WhyIgnored(column, sample, title);
    if (!why.empty()) {
      output.ignored.push_back({column.name, why});
      continue;
    }
    ColumnType type = declared.type;
    std::string separator = declared.separator;
    if (type == ColumnType::kRecognised) {
      separator = title ? "" : FindSeparator(column);
      type = title                 ? ColumnType::kTitle
             : !separator.empty()  ? ColumnType::kTokens
             : column.AreNumbers() ? ColumnType::kNumber
                                   : ColumnType::kToken;
    }
    has_title |= title;
    const bool number = type == ColumnType::kNumber;
    const bool words = type == ColumnType::kTokens || type == ColumnType::kTitle;
    RETURN_IF_ERROR(
        Add({column.name, column.name, number ? CellKind::kAttributeNumber : CellKind::kText,
             number  ? "float"
             : words ? "token_seq"
                     : "token"},
            path, output));
    if (!words) continue;  // The header says the rest.
    ColumnSpec& entry = ColumnNamed(output.columns.back().name, spec);
    entry.type = type;
    if (type == ColumnType::kTokens) entry.separator = separator;
  }
  return output;
}

}  // namespace shortlist
