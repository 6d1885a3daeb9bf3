#include "data/attributes/titles.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "data/attributes/values.h"
#include "data/interner.h"

namespace shortlist {
namespace {

// What has a name and many items.
constexpr std::array<std::string_view, 24> kShared = {
    "category", "genre",    "type",   "class",  "group", "department", "section", "topic",
    "brand",    "maker",    "vendor", "seller", "shop",  "store",      "company", "publisher",
    "author",   "director", "artist", "colour", "color", "country",    "city",    "language"};

bool IsNameOfWhatItemsShare(std::string_view name) {
  name.remove_suffix(name.size() - name.rfind('_'));
  return std::any_of(kShared.begin(), kShared.end(),
                     [&](std::string_view word) { return name.ends_with(word); });
}

struct CellCounts {
  size_t filled = 0;
  size_t different = 0;
};

CellCounts CountCells(const AttributeColumn& column) {
  Interner values;
  CellCounts counts;
  for (std::string_view cell : column.cells) {
    cell = Trimmed(cell);
    if (cell.empty()) continue;
    ++counts.filled;
    values.Intern(cell);
  }
  counts.different = values.size();
  return counts;
}

}  // namespace

std::optional<size_t> FindTitle(std::span<const AttributeColumn> columns) {
  std::optional<size_t> title, name, similar;
  size_t most_different = 0;
  for (size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].type == AttributeType::kNumber) continue;
    const std::string lower = absl::AsciiStrToLower(columns[c].name);
    if (lower == "title" && !title) title = c;
    if (lower == "name" && !name) name = c;
    if (!lower.ends_with("_title") && !lower.ends_with("_name")) continue;
    if (IsNameOfWhatItemsShare(lower)) continue;
    const CellCounts counts = CountCells(columns[c]);
    if (4 * counts.different < 3 * counts.filled || counts.different <= most_different) continue;
    similar = c;
    most_different = counts.different;
  }
  if (title) return title;
  return name ? name : similar;
}

}  // namespace shortlist
