// Rows of a file of comma-separated values as RFC 4180 has it (read with libcsv): cells may be
// quoted and then hold commas, doubled quotes and line ends. The first row names the columns.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "data/tables/bad_rows.h"
#include "data/tables/separated_rows.h"

namespace shortlist {

// Calls `use` with the cells of `columns`, in that order, of every row. The cells live as long as
// the call. A missing column is an error. A row that `use` returns an error for, has another number
// of cells than the header, misuses quotes or is malformed UTF-8 goes to `bad_rows` as `path:line:
// reason` with its first line; reading goes on with the line after that.
absl::Status ForEachCsvRow(const std::filesystem::path& path,
                           std::span<const std::string_view> columns, BadRows& bad_rows,
                           RowUser use);

}  // namespace shortlist
