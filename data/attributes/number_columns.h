// Which columns hold numbers, and which of their cells hold none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/attributes/attribute_columns.h"

namespace shortlist {

// Settles the type of a column of one value a cell; returns what a person should know, without file
// and column.
//
// - A kNumber column, as `float` declares it, stays one unless more than half of what its cells
//   hold is something else, such as "$5": then its cells are tokens. A cell that is no number is
//   missing. Cells that say that there is no value (data/tables/no_value.h) have no say in that.
// - A kToken column becomes one of numbers if its name says so, as of NamesNumbers, and at most one
//   in a hundred of its cells is no number and none has leading zeros: 007 is a code, and not 7.
//   Only where its type is not `declared`.
std::optional<std::string> SettleNumbers(AttributeColumn& column, bool declared);

// Whether a name's last word is "year" or "age", or its first is "year": "releaseYear",
// "Year-Of-Publication", but not "language" or "age_group".
bool NamesNumbers(std::string_view name);

}  // namespace shortlist
