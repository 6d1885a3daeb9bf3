#include "data/tables/cell_numbers.h"

#include "absl/strings/match.h"
#include "common/text/decimal.h"
#include "common/text/strings.h"

namespace shortlist {

std::optional<bool> ReadBoolean(std::string_view cell) {
  if (absl::EqualsIgnoreCase(AbslView(cell), "true")) return true;
  if (absl::EqualsIgnoreCase(AbslView(cell), "false")) return false;
  return std::nullopt;
}

std::optional<double> NumberOf(std::string_view cell) {
  if (const std::optional<double> number = ParseDecimal(cell)) return number;
  return ReadBoolean(cell);
}

bool SayTheSame(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::optional<double> number = NumberOf(a);
  return number.has_value() && number == NumberOf(b);
}

}  // namespace shortlist
