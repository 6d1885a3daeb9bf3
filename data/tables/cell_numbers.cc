#include "data/tables/cell_numbers.h"

#include "absl/strings/match.h"
#include "common/text/decimal.h"
#include "common/text/strings.h"

namespace shortlist {

std::optional<double> NumberOf(std::string_view cell) {
  if (const std::optional<double> number = ParseDecimal(cell)) return number;
  if (absl::EqualsIgnoreCase(AbslView(cell), "true")) return 1;
  if (absl::EqualsIgnoreCase(AbslView(cell), "false")) return 0;
  return std::nullopt;
}

bool SayTheSame(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::optional<double> number = NumberOf(a);
  return number.has_value() && number == NumberOf(b);
}

}  // namespace shortlist
