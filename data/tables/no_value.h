// Cells that say that there is no number and no time.
#pragma once

#include <string_view>

namespace shortlist {

// Whether a cell in place of a number or a time is empty or one of the words that commonly stand
// for no value, such as "NULL", "n/a", "unknown" and "—", in capitals or not, with or without
// spaces around it. Not for tokens, where "None" may be a value like any other.
bool MeansNoValue(std::string_view cell);

}  // namespace shortlist
