// A table for a terminal: columns as wide as their content, aligned by what they hold.
//
//   TextTable table({{"item", TextTable::kLeft}, {"score", TextTable::kRight}});
//   table.AddRow({"Alien", "2.31"});
//   std::fputs(table.ToString().c_str(), stdout);
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shortlist {

class TextTable {
 public:
  enum Alignment { kLeft, kRight };
  struct Column {
    std::string header;
    Alignment alignment = kLeft;
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // One cell per column, in UTF-8.
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  std::string ToString() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// A time in milliseconds since the Unix epoch as "2026-11-30 07:14:34", UTC; "-" for 0, not known.
std::string TimeText(int64_t time_ms);

// The text, cut to `width` characters with an ellipsis where it is longer.
std::string Shorten(std::string_view text, size_t width);

}  // namespace shortlist
