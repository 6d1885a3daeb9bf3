#include "data/tables/atomic_header.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/text/decimal.h"
#include "common/text/strings.h"
#include "data/tables/separated_rows.h"

namespace shortlist {
namespace {

constexpr std::array<std::pair<std::string_view, AtomicType>, 4> kTypes = {
    {{"token", AtomicType::kToken},
     {"token_seq", AtomicType::kTokenSeq},
     {"float", AtomicType::kFloat},
     {"float_seq", AtomicType::kFloatSeq}}};

// Columns whose type need not be said.
constexpr std::array<std::pair<std::string_view, AtomicType>, 5> kKnown = {
    {{"user_id", AtomicType::kToken},
     {"item_id", AtomicType::kToken},
     {"rating", AtomicType::kFloat},
     {"timestamp", AtomicType::kFloat},
     {"label", AtomicType::kFloat}}};

template <size_t N>
std::optional<AtomicType> Find(const std::array<std::pair<std::string_view, AtomicType>, N>& table,
                               std::string_view name) {
  for (const auto& [known, type] : table)
    if (known == name) return type;
  return std::nullopt;
}

std::string_view NameOf(AtomicType type) { return kTypes[static_cast<size_t>(type)].first; }

std::string_view Strip(std::string_view text) {
  const absl::string_view stripped = absl::StripAsciiWhitespace(AbslView(text));
  return {stripped.data(), stripped.size()};
}

std::vector<std::string_view> Split(std::string_view line, char separator) {
  std::vector<std::string_view> cells;
  SplitCells(line, std::string_view(&separator, 1), cells);
  return cells;
}

// A guess for the header that an error shows: never taken.
AtomicType GuessType(std::string_view name, std::string_view said, std::string_view cell) {
  if (const auto type = Find(kKnown, name)) return *type;
  if (name.ends_with("_id")) return AtomicType::kToken;
  if (said.find("list") != std::string_view::npos || said.find("seq") != std::string_view::npos)
    return AtomicType::kTokenSeq;
  return ParseDecimal(cell) ? AtomicType::kFloat : AtomicType::kToken;
}

bool Holds(std::string_view text, char c) { return text.find(c) != std::string_view::npos; }

// A column as its cell of the header has it.
struct ColumnCell {
  AtomicColumn column;      // The type is a guess where there is an error.
  bool is_untyped = false;  // The cell says no type, but there is only one that it can have.
  std::string error;        // Why it cannot be used; empty: it can.
};

// `value` is what a row has in the column.
ColumnCell ParseCell(std::string_view cell, std::string_view value) {
  const size_t colon = cell.rfind(':');
  const bool has_type = colon != std::string_view::npos;
  const std::string_view name = cell.substr(0, colon);
  const std::string_view said = has_type ? cell.substr(colon + 1) : std::string_view();
  const std::optional<AtomicType> type = has_type ? Find(kTypes, said) : Find(kKnown, name);
  ColumnCell parsed = {.column = {std::string(name), type.value_or(GuessType(name, said, value))},
                       .is_untyped = !has_type,
                       .error = ""};
  if (name.empty() || (!has_type && !type)) {
    parsed.error = absl::StrCat("\"", AbslView(cell), "\" is not of the form field:type");
  } else if (!type) {
    parsed.error = absl::StrCat("\"", AbslView(cell),
                                "\" has an unknown type; known are token, token_seq, float and "
                                "float_seq");
  }
  return parsed;
}

// The header that the columns should have.
std::string ProperHeader(const std::vector<AtomicColumn>& columns) {
  return absl::StrJoin(columns, "\t", [](std::string* out, const AtomicColumn& column) {
    absl::StrAppend(out, column.name, ":", AbslView(NameOf(column.type)));
  });
}

// A column whose name another has before it; null where there is none.
const AtomicColumn* FindTwice(const std::vector<AtomicColumn>& columns) {
  for (auto column = columns.begin(); column != columns.end(); ++column)
    if (std::any_of(columns.begin(), column,
                    [&](const AtomicColumn& other) { return other.name == column->name; }))
      return &*column;
  return nullptr;
}

// Whether values stand where names should.
bool IsRow(const std::vector<std::string_view>& cells) {
  return std::any_of(cells.begin(), cells.end(),
                     [](std::string_view cell) { return ParseDecimal(cell).has_value(); });
}

}  // namespace

char SeparatorOfHeader(std::string_view header) {
  for (const char separator : {'\t', ',', ';', ' '})
    if (Holds(header, separator)) return separator;
  return '\t';
}

char SeparatorOfRows(char of_header, std::string_view row) {
  return of_header == ' ' || Holds(row, '\t') ? '\t' : of_header;
}

absl::StatusOr<AtomicHeader> ParseAtomicHeader(std::string_view line, std::string_view row) {
  AtomicHeader header;
  std::string_view text = line;
  while (text.starts_with('#') || text.starts_with(' ')) text.remove_prefix(1);
  if (Strip(text).empty()) return absl::InvalidArgumentError("there is no header");
  if (line.starts_with('#')) header.notes.emplace_back("\"#\" before the header is ignored");
  const char between_names = SeparatorOfHeader(text);
  header.separator = SeparatorOfRows(between_names, row);
  std::vector<std::string_view> cells = Split(text, between_names);
  std::vector<std::string_view> row_cells = Split(row, header.separator);
  if (cells.size() > 1 && Strip(cells.back()).empty()) {
    cells.pop_back();
    header.trailing_separator = true;
  }
  if (row_cells.size() == cells.size() + 1 && row_cells.back().empty()) row_cells.pop_back();

  std::string error;
  std::vector<std::string> untyped;
  for (size_t c = 0; c < cells.size(); ++c) {
    ColumnCell cell = ParseCell(Strip(cells[c]), c < row_cells.size() ? row_cells[c] : "");
    if (error.empty()) error = std::move(cell.error);
    if (cell.is_untyped) untyped.push_back(cell.column.name);
    header.columns.push_back(std::move(cell.column));
  }
  const std::string proper = ProperHeader(header.columns);
  if (!error.empty() && IsRow(cells))
    return absl::InvalidArgumentError(
        absl::StrCat(error,
                     "; the first line seems to be a row, where a header should stand, such as: "
                     "user_id:token\titem_id:token"));
  if (error.empty() && between_names != '\t' && !row.empty() && row_cells.size() != cells.size())
    error = "between the columns must be tabs, in the rows, too";
  if (!error.empty())
    return absl::InvalidArgumentError(absl::StrCat(error, "; the header should be: ", proper));
  if (const AtomicColumn* twice = FindTwice(header.columns))
    return absl::InvalidArgumentError(absl::StrCat("two columns \"", twice->name, "\""));

  if (!untyped.empty())
    header.notes.push_back(absl::StrCat("columns without a type: ", absl::StrJoin(untyped, ", "),
                                        "; the header is taken for: ", proper));
  if (between_names != '\t')
    header.notes.push_back(
        absl::StrCat("between the columns of the header are no tabs; it is taken for: ", proper));
  if (header.separator != '\t')
    header.notes.push_back(absl::StrCat(
        "between the cells is \"", absl::string_view(&header.separator, 1), "\" and not a tab"));
  if (header.trailing_separator)
    header.notes.emplace_back("separators at the ends of lines are ignored");
  return header;
}

}  // namespace shortlist
