// How a table is written down, where its content does not show it.
#pragma once

#include <string>
#include <vector>

namespace shortlist {

struct TableFormat {
  enum class Kind {
    kRecognised,   // By the first characters: "{", or "{'" and "{u'".
    kDelimited,    // CSV, TSV and their like.
    kJsonLines,    // One object a line.
    kPythonLines,  // One dict a line, as Python prints it.
  };

  Kind kind = Kind::kRecognised;

  // Of delimited tables:
  std::string delimiter;  // Between cells, such as "," or "::". Empty: recognised by the header.
  bool quotes = true;     // Cells may stand in quotes, as RFC 4180 has it, and spaces around them.
  bool backslashes = false;          // In quotes, a backslash makes the next character plain.
  std::vector<std::string> columns;  // Their names; empty: the first row names them.

  bool latin1 = false;  // ISO 8859-1 instead of UTF-8.

  bool operator==(const TableFormat&) const = default;
};

}  // namespace shortlist
