// What stands between the values of a list in one cell, where nobody has declared it: `Drama War`,
// `Drama, War`, `Drama|War` or `Drama;War`.
//
// A space is RecBole's separator. One of | ; , is taken instead, the first in this order that
// - is in at least a tenth of the cells that could hold several values at all: those with a space
//   or one of | ; ,
// - and, of commas, leaves values of at most three words on average: a text is no list.
// Spaces around values are no part of them. So `Martial Arts` is one value where the separator is
// another, and the same cells give the same separator whatever their order.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shortlist {

struct SeparatorFinding {
  std::string separator;  // Never empty.
  // What a person should know: a separator other than a space was taken, or there is doubt. Without
  // file and column.
  std::optional<std::string> warning;
};

SeparatorFinding RecogniseSeparator(std::span<const std::string_view> cells);

// Of a column that is declared to hold one value a cell: a warning if its cells look like lists,
// since a tenth of them hold | ; or , and the parts are fewer than the cells are different.
std::optional<std::string> WarningOfLists(std::span<const std::string_view> cells);

}  // namespace shortlist
