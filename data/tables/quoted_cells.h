// Quotes around cells, as programs for comma-separated values write them, pandas among them: the
// cell `"G" C` becomes `"""G"" C"`, and one that holds a tab is quoted, too. Atomic files have no
// quotes of their own, so that only a file as a whole can tell what they are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace shortlist {

struct QuotingFinding {
  // Cells that begin with a quote, and the first of them.
  size_t quoted_cells = 0;
  std::string_view example;
  // Whether quotes are nothing but those of quoting: around whole cells, doubled within them, and
  // nowhere else.
  bool is_consistent = true;
};

QuotingFinding FindQuoting(std::string_view content, char separator);

// `content`, whose quoting must be consistent, without it: cells stand between tabs. A tab within a
// quoted cell becomes a space. Lines stay where they are.
std::string Unquoted(std::string_view content, char separator);

}  // namespace shortlist
