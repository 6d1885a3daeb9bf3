#include "app/text_table.h"

#include <algorithm>

#include "absl/time/time.h"

namespace shortlist {
namespace {

bool BeginsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

// Characters (code points) of UTF-8. Wide and combining ones are few enough to be ignored.
size_t Width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), BeginsCharacter));
}

}  // namespace

std::string TextTable::ToString() const {
  std::vector<size_t> widths;
  for (const Column& column : columns_) widths.push_back(Width(column.header));
  for (const auto& row : rows_)
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], Width(row[c]));

  std::string text;
  auto add_cell = [&](size_t c, const std::string& cell) {
    const std::string padding(widths[c] - Width(cell), ' ');
    if (c > 0) text += "  ";
    if (columns_[c].alignment == kRight) text += padding;
    text += cell;
    if (columns_[c].alignment == kLeft && c + 1 < columns_.size()) text += padding;
  };
  for (size_t c = 0; c < columns_.size(); ++c) add_cell(c, columns_[c].header);
  text += '\n';
  for (const auto& row : rows_) {
    for (size_t c = 0; c < row.size(); ++c) add_cell(c, row[c]);
    text += '\n';
  }
  return text;
}

std::string Shorten(std::string_view text, size_t width) {
  if (Width(text) <= width) return std::string(text);
  size_t end = 0;
  for (size_t characters = 0; end < text.size(); ++end) {
    if (BeginsCharacter(text[end]) && ++characters == width) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string TimeText(int64_t time_ms) {
  if (time_ms == 0) return "-";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixMillis(time_ms), absl::UTCTimeZone());
}

}  // namespace shortlist
