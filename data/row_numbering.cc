#include "data/row_numbering.h"

#include <algorithm>

namespace shortlist {

RowNumbering NumberByBytes(const Interner& ids, const std::vector<bool>& left_out) {
  RowNumbering numbering;
  for (uint32_t old = 0; old < ids.size(); ++old)
    if (old >= left_out.size() || !left_out[old]) numbering.old_rows.push_back(old);
  std::sort(numbering.old_rows.begin(), numbering.old_rows.end(),
            [&](uint32_t a, uint32_t b) { return ids[a] < ids[b]; });
  numbering.new_rows.assign(ids.size(), RowNumbering::kLeftOut);
  numbering.ids.reserve(numbering.old_rows.size());
  for (uint32_t row = 0; row < numbering.old_rows.size(); ++row) {
    numbering.new_rows[numbering.old_rows[row]] = row;
    numbering.ids.emplace_back(ids[numbering.old_rows[row]]);
  }
  return numbering;
}

}  // namespace shortlist
