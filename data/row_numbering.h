// Numbers users, items or values by the bytes of their ids, so that it is of no account which of
// them comes first in a file.
//
//   const RowNumbering numbering = NumberByBytes(ids, {});
//   for (uint32_t& row : rows) row = numbering.new_rows[row];
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/interner.h"

namespace shortlist {

struct RowNumbering {
  static constexpr uint32_t kLeftOut = UINT32_MAX;

  std::vector<std::string> ids;    // By new row, ascending.
  std::vector<uint32_t> new_rows;  // By the interner's number; kLeftOut for what has no row.
  std::vector<uint32_t> old_rows;  // By new row: the interner's number.
};

// `left_out`, by the interner's number, says what has no row; it may be shorter: the rest have one.
RowNumbering NumberByBytes(const Interner& ids, const std::vector<bool>& left_out);

}  // namespace shortlist
