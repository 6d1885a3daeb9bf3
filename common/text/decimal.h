// Numbers as text, both ways: what FormatDecimal writes, ParseDecimal reads as the same double.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace shortlist {

// A finite number in decimal notation, with or without an exponent and spaces around it. None for
// everything else, such as "", "nan", "0x10" and "1,5".
std::optional<double> ParseDecimal(std::string_view text);

// The fewest digits that read back as the same double. Without an exponent below 10^21:
// "1709164800", not "1.7e+09".
std::string FormatDecimal(double number);

}  // namespace shortlist
