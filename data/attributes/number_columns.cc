#include "data/attributes/number_columns.h"

#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/counts.h"
#include "common/text/decimal.h"
#include "common/text/strings.h"
#include "data/attributes/values.h"
#include "data/tables/no_value.h"

namespace shortlist {
namespace {

// What a column recognised by its name may hold besides numbers: one in so many.
constexpr size_t kMinCellsPerOther = 100;

bool IsDigit(char c) { return '0' <= c && c <= '9'; }

bool HasLeadingZeros(std::string_view cell) {
  if (cell.starts_with('-')) cell.remove_prefix(1);
  return cell.size() >= 2 && cell[0] == '0' && IsDigit(cell[1]);
}

struct NumberCounts {
  size_t filled = 0;
  size_t no_numbers = 0;     // No number,
  size_t others = 0;         // and neither a word for no value.
  size_t leading_zeros = 0;  // Numbers with them.
  // The first of each by its bytes.
  std::string_view no_number_example, other_example, leading_zeros_example;
};

void CountAs(std::string_view cell, size_t& count, std::string_view& example) {
  if (count++ == 0 || cell < example) example = cell;
}

NumberCounts CountNumbers(const AttributeColumn& column) {
  NumberCounts counts;
  for (std::string_view cell : column.cells) {
    cell = Trimmed(cell);
    if (cell.empty()) continue;
    ++counts.filled;
    if (ParseDecimal(cell)) {
      if (HasLeadingZeros(cell)) CountAs(cell, counts.leading_zeros, counts.leading_zeros_example);
      continue;
    }
    CountAs(cell, counts.no_numbers, counts.no_number_example);
    if (!MeansNoValue(cell)) CountAs(cell, counts.others, counts.other_example);
  }
  return counts;
}

std::string SuchAs(size_t part, size_t whole, std::string_view example) {
  return absl::StrCat(part, " of ", whole, " cells (", Percent(part, whole), "), such as \"",
                      AbslView(example), "\",");
}

}  // namespace

std::optional<std::string> SettleNumbers(AttributeColumn& column, bool declared) {
  if (column.type == AttributeType::kTokens) return std::nullopt;
  const bool was_number = column.type == AttributeType::kNumber;
  if (!was_number && (declared || !NamesNumbers(column.name))) return std::nullopt;
  const NumberCounts counts = CountNumbers(column);
  if (was_number) {
    const size_t known = counts.filled - (counts.no_numbers - counts.others);
    if (2 * counts.others > known) {
      column.type = AttributeType::kToken;
      return absl::StrCat(SuchAs(counts.others, counts.filled, counts.other_example),
                          " are no numbers: its cells are taken for tokens");
    }
  } else {
    if (counts.filled == 0 || counts.no_numbers * kMinCellsPerOther > counts.filled)
      return std::nullopt;
    if (counts.leading_zeros > 0) return std::nullopt;
    column.type = AttributeType::kNumber;
  }
  std::string warning;
  if (counts.no_numbers > 0)
    absl::StrAppend(&warning, SuchAs(counts.no_numbers, counts.filled, counts.no_number_example),
                    " are no numbers and taken as missing");
  if (counts.leading_zeros > 0)
    absl::StrAppend(
        &warning, warning.empty() ? "" : "; ",
        SuchAs(counts.leading_zeros, counts.filled, counts.leading_zeros_example),
        " have leading zeros, which numbers lose: if they are codes, the type is token");
  if (warning.empty()) return std::nullopt;
  return warning;
}

bool NamesNumbers(std::string_view name) {
  std::vector<std::string> words;
  bool in_word = false, was_lower = false;
  for (const char c : name) {
    const bool is_letter = absl::ascii_isalpha(static_cast<unsigned char>(c)) != 0;
    const bool is_upper = absl::ascii_isupper(static_cast<unsigned char>(c)) != 0;
    if (is_letter) {
      if (!in_word || (is_upper && was_lower)) words.emplace_back();
      words.back().push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    }
    in_word = is_letter;
    was_lower = is_letter && !is_upper;
  }
  if (words.empty()) return false;
  return words.front() == "year" || words.back() == "year" || words.back() == "age";
}

}  // namespace shortlist
