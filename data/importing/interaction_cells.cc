#include "data/importing/interaction_cells.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "data/id_column.h"
#include "data/importing/date_text.h"
#include "data/tables/atomic_file_writer.h"

namespace shortlist {
namespace {

constexpr std::string_view kNothing[] = {"NULL", "null", "NA",   "N/A", "n/a", "NaN",
                                         "nan",  "None", "none", "\\N", "-nan"};

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

void AppendSeconds(double seconds, std::string& line) {
  char text[32];
  const bool whole = seconds == std::floor(seconds);
  const std::to_chars_result end =
      whole ? std::to_chars(std::begin(text), std::end(text), static_cast<int64_t>(seconds))
            : std::to_chars(std::begin(text), std::end(text), seconds, std::chars_format::fixed);
  line.append(text, end.ptr);
}

}  // namespace

bool IsNumber(std::string_view cell) {
  if (IsShortDecimal(cell)) return true;
  double number = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  return error == std::errc() && end == cell.data() + cell.size() && std::isfinite(number);
}

bool IsNothing(std::string_view cell) {
  return cell.empty() || (cell.size() <= 4 && std::find(std::begin(kNothing), std::end(kNothing),
                                                        cell) != std::end(kNothing));
}

absl::Status AppendIdCell(std::string_view cell, std::string_view column, std::string& line) {
  RETURN_IF_ERROR(CheckId(cell, column));
  AppendAtomicCell(cell, line);
  return absl::OkStatus();
}

absl::Status AppendNumberCell(std::string_view cell, std::string_view column, std::string& line) {
  if (IsNumber(cell))
    line += cell;
  else if (!IsNothing(cell))
    return CellError(column, "not a finite number", cell);
  return absl::OkStatus();
}

absl::Status AppendTimeCell(std::string_view cell, std::string_view column, bool digits_are_dates,
                            std::string& line) {
  if (!digits_are_dates && IsNumber(cell)) {
    line += cell;
    return absl::OkStatus();
  }
  if (IsNothing(cell)) return absl::OkStatus();
  std::optional<double> seconds = ReadDateText(cell);
  if (!seconds && digits_are_dates) seconds = ReadDateDigits(cell);
  if (!seconds)
    return CellError(column, digits_are_dates ? "no date" : "neither a number nor a date", cell);
  AppendSeconds(*seconds, line);
  return absl::OkStatus();
}

}  // namespace shortlist
