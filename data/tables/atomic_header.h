// The first line of an atomic file, which names the columns as `field:type` between tabs. Others
// than RecBole write it otherwise: what is meant is taken where it is certain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace shortlist {

enum class AtomicType { kToken, kTokenSeq, kFloat, kFloatSeq };

struct AtomicColumn {
  std::string name;
  AtomicType type;
};

struct AtomicHeader {
  std::vector<AtomicColumn> columns;
  char separator = '\t';  // Between the cells of the rows.
  // Rows may end in a separator with nothing behind it.
  bool trailing_separator = false;
  // How the file differs from the format, for a person; empty where it does not.
  std::vector<std::string> notes;
};

// What stands between the names of a header: a tab, or where there is none a comma, a semicolon or
// a space.
char SeparatorOfHeader(std::string_view header);

// What stands between the cells of rows: what stands in the header, but a tab if `row` has tabs or
// there are spaces in the header.
char SeparatorOfRows(char of_header, std::string_view row);

// `row` is the line after the header, empty where there is none. Beyond the format are accepted,
// and noted:
// - `#` before the first name,
// - names without a type, of columns that have but one: user_id, item_id, rating, timestamp, label,
// - commas or semicolons between the names, and between the cells of rows if `row` has as many,
// - a separator at the end of the header,
// and spaces around names. Anything else is an error that shows the header as it should be.
absl::StatusOr<AtomicHeader> ParseAtomicHeader(std::string_view header, std::string_view row);

}  // namespace shortlist
