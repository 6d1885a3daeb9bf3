// Counts as people read them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace shortlist {

// "1,234,567".
inline std::string Grouped(uint64_t count) {
  std::string digits = std::to_string(count);
  for (size_t position = digits.size(); position > 3; position -= 3)
    digits.insert(position - 3, 1, ',');
  return digits;
}

// "1 row", "12,345 rows".
inline std::string Rows(uint64_t count) { return Grouped(count) + (count == 1 ? " row" : " rows"); }

// "4.5 %"; of nothing "0.0 %".
inline std::string Percent(uint64_t part, uint64_t whole) {
  char share[16];
  std::snprintf(share, sizeof share, "%.1f %%",
                100 * static_cast<double>(part) / static_cast<double>(whole == 0 ? 1 : whole));
  return share;
}

// "123 (4.5 %)"; without the share where there is no whole.
inline std::string WithShare(uint64_t part, uint64_t whole) {
  return whole == 0 ? Grouped(part) : Grouped(part) + " (" + Percent(part, whole) + ")";
}

}  // namespace shortlist
