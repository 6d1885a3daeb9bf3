#include "data/attributes/separators.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/text/counts.h"
#include "common/text/strings.h"
#include "data/attributes/values.h"
#include "data/interner.h"

namespace shortlist {
namespace {

constexpr std::string_view kPunctuation = "|;,";
constexpr size_t kLeastShare = 10;  // One in so many.
constexpr double kMostWords = 3;

struct PunctuationCounts {
  size_t filled = 0;
  size_t several = 0;  // Cells that could hold several values.
  // Cells that hold each, and the first of them by its bytes, for messages.
  std::array<size_t, kPunctuation.size()> with{};
  std::array<std::string_view, kPunctuation.size()> example;
};

PunctuationCounts CountPunctuation(std::span<const std::string_view> cells) {
  PunctuationCounts counts;
  for (std::string_view cell : cells) {
    cell = Trimmed(cell);
    if (cell.empty()) continue;
    ++counts.filled;
    counts.several += cell.find(' ') != std::string_view::npos ||
                      cell.find_first_of(kPunctuation) != std::string_view::npos;
    for (size_t p = 0; p < kPunctuation.size(); ++p) {
      if (cell.find(kPunctuation[p]) == std::string_view::npos) continue;
      if (counts.with[p]++ == 0 || cell < counts.example[p]) counts.example[p] = cell;
    }
  }
  return counts;
}

double WordsPerValue(std::span<const std::string_view> cells, std::string_view separator) {
  size_t words = 0, values = 0;
  for (std::string_view cell : cells) {
    ForEachValue(cell, separator, [&](std::string_view value) {
      ++values;
      ForEachValue(value, " ", [&](std::string_view) { ++words; });
    });
  }
  return values == 0 ? 0 : static_cast<double>(words) / static_cast<double>(values);
}

std::string Share(size_t part, size_t whole) {
  return absl::StrCat(part, " of ", whole, " cells (", Percent(part, whole), ")");
}

}  // namespace

SeparatorFinding RecogniseSeparator(std::span<const std::string_view> cells) {
  const PunctuationCounts counts = CountPunctuation(cells);
  SeparatorFinding finding{.separator = " ", .warning = std::nullopt};
  std::string others;
  for (size_t p = 0; p < kPunctuation.size(); ++p) {
    const std::string_view separator = kPunctuation.substr(p, 1);
    if (counts.with[p] == 0) continue;
    const std::string found =
        absl::StrCat("\"", AbslView(separator), "\" is in ", Share(counts.with[p], counts.filled),
                     ", such as \"", AbslView(counts.example[p]), "\"");
    const bool is_taken = finding.separator == " " &&
                          counts.with[p] * kLeastShare >= counts.several &&
                          (separator != "," || WordsPerValue(cells, separator) <= kMostWords);
    if (is_taken) {
      finding.separator = separator;
      finding.warning = absl::StrCat(found, ", and taken for what separates values");
    } else {
      absl::StrAppend(&others, "; ", found, ", and taken for a part of values");
    }
  }
  if (finding.warning) {
    absl::StrAppend(&*finding.warning, others);
  } else if (!others.empty()) {
    finding.warning = absl::StrCat("values are separated by spaces", others);
  }
  return finding;
}

std::optional<std::string> WarningOfLists(std::span<const std::string_view> cells) {
  const PunctuationCounts counts = CountPunctuation(cells);
  for (size_t p = 0; p < kPunctuation.size(); ++p) {
    if (counts.with[p] == 0 || counts.with[p] * kLeastShare < counts.filled) continue;
    Interner whole, parts;
    for (std::string_view cell : cells) {
      if (Trimmed(cell).empty()) continue;
      whole.Intern(Trimmed(cell));
      ForEachValue(cell, kPunctuation.substr(p, 1),
                   [&](std::string_view part) { parts.Intern(part); });
    }
    if (parts.size() >= whole.size()) continue;
    return absl::StrCat("\"", AbslView(kPunctuation.substr(p, 1)), "\" is in ",
                        Share(counts.with[p], counts.filled), ", such as \"",
                        AbslView(counts.example[p]),
                        "\", which are taken for one value each: if they are lists, the type is "
                        "token_seq");
  }
  return std::nullopt;
}

}  // namespace shortlist
