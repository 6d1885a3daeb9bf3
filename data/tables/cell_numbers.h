// Cells as numbers, and when two cells say the same.
#pragma once

#include <optional>
#include <string_view>

namespace shortlist {

// What a cell says that is True or False, in any case, as pandas writes booleans.
std::optional<bool> ReadBoolean(std::string_view cell);

// The number of ParseDecimal (common/text/decimal.h), or 1 and 0 of True and False.
std::optional<double> NumberOf(std::string_view cell);

// Whether two cells are the same text or the same number: -1 and -1.0, 1 and True.
bool SayTheSame(std::string_view a, std::string_view b);

}  // namespace shortlist
