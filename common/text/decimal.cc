#include "common/text/decimal.h"

#include <charconv>
#include <cmath>
#include <system_error>

namespace shortlist {
namespace {

// As JavaScript has it: beyond these, digits are mostly zeros.
constexpr double kMaxWithoutExponent = 1e21;
constexpr double kMinWithoutExponent = 1e-7;

}  // namespace

std::optional<double> ParseDecimal(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
    return std::nullopt;
  return number;
}

std::string FormatDecimal(double number) {
  const double size = std::abs(number);
  const bool with_exponent =
      size >= kMaxWithoutExponent || (size != 0 && size < kMinWithoutExponent);
  char text[64];
  const auto [end, error] =
      std::to_chars(text, text + sizeof(text), number,
                    with_exponent ? std::chars_format::scientific : std::chars_format::fixed);
  return {text, error == std::errc() ? end : text};
}

}  // namespace shortlist
