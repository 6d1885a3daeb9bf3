#include "data/importing/interaction_cells.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/decimal.h"
#include "common/text/strings.h"
#include "data/id_column.h"
#include "data/importing/date_text.h"
#include "data/tables/atomic_file_writer.h"
#include "data/tables/cell_numbers.h"
#include "data/tables/no_value.h"

namespace shortlist {
namespace {

// What most numbers are: a few digits with at most one point among them.
bool IsShortDecimal(std::string_view cell) {
  constexpr size_t kMaxSize = 18;
  if (cell.empty() || cell.size() > kMaxSize) return false;
  size_t digits = 0;
  size_t points = 0;
  for (char c : cell) {
    digits += c >= '0' && c <= '9' ? 1 : 0;
    points += c == '.' ? 1 : 0;
  }
  return digits > 0 && points <= 1 && digits + points == cell.size();
}

absl::Status CellError(std::string_view column, std::string_view problem, std::string_view cell) {
  return absl::InvalidArgumentError(
      absl::StrCat(AbslView(column), " is ", AbslView(problem), ": \"", AbslView(cell), "\""));
}

}  // namespace

bool IsNumber(std::string_view cell) { return IsShortDecimal(cell) || ParseDecimal(cell); }

absl::Status AppendIdCell(std::string_view cell, std::string_view column, std::string& line) {
  RETURN_IF_ERROR(CheckId(cell, column));
  if (cell.find_first_of("\t\n\r") != std::string_view::npos)
    return absl::InvalidArgumentError(absl::StrCat(AbslView(column), " holds a tab or a line end"));
  AppendAtomicCell(cell, line);
  return absl::OkStatus();
}

absl::Status AppendNumberCell(std::string_view cell, std::string_view column, std::string& line) {
  if (IsNumber(cell)) {
    line += Trimmed(cell);
  } else if (const std::optional<bool> yes = ReadBoolean(cell)) {
    line += *yes ? '1' : '0';
  } else if (!MeansNoValue(cell)) {
    return CellError(column, "not a finite number", cell);
  }
  return absl::OkStatus();
}

absl::Status AppendTimeCell(std::string_view cell, std::string_view column, std::string& line) {
  if (IsNumber(cell))
    line += Trimmed(cell);
  else if (!MeansNoValue(cell) && !AppendDate(cell, line))
    return CellError(column, "neither a number nor a date", cell);
  return absl::OkStatus();
}

}  // namespace shortlist
