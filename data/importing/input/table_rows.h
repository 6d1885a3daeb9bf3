// All rows of a small table, one after another, on this thread. Large ones: row_converter.h.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "data/importing/input/table_format.h"
#include "data/tables/bad_rows.h"
#include "data/tables/separated_rows.h"

namespace shortlist {

// Calls `use` with the cells of `columns`, in that order, of every row; they live as long as the
// call. A missing column is an error. Rows that `use` returns an error for or that cannot be read
// go to `bad_rows` as `path:line: reason` with their first line; reading goes on with the line
// after that.
absl::Status ForEachTableRow(const std::filesystem::path& path, const TableFormat& format,
                             const std::vector<std::string>& columns, BadRows& bad_rows,
                             RowUser use);

}  // namespace shortlist
