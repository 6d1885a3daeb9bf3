#include "data/tables/no_value.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/strings.h"

namespace shortlist {
namespace {

constexpr std::array<std::string_view, 15> kWords = {"na",   "n/a", "nan",     "-nan", "null",
                                                     "none", "nil", "unknown", "?",    "missing",
                                                     "\\n",  "-",   "--",      "–",    "—"};

}  // namespace

bool MeansNoValue(std::string_view cell) {
  const absl::string_view text = absl::StripAsciiWhitespace(AbslView(cell));
  if (text.empty()) return true;
  if (text.front() >= '0' && text.front() <= '9') return false;  // As most cells, so fast.
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return absl::EqualsIgnoreCase(text, AbslView(word));
  });
}

}  // namespace shortlist
