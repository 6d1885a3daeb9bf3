// Counts as people read them.
#pragma once

#include <cstdint>
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

}  // namespace shortlist
