// Rows of text whose cells stand between separators, without quoting, as in MovieLens' .dat files.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "data/tables/bad_rows.h"
#include "data/tables/line_reader.h"

namespace shortlist {

// What is done with a row's cells. Its error is the reason why the row is bad.
using RowUser = absl::FunctionRef<absl::Status(std::span<const std::string_view>)>;

// Replaces `cells` by those of `line`.
void SplitCells(std::string_view line, std::string_view separator,
                std::vector<std::string_view>& cells);

// Calls `use` with every row that is left to `reader`. Its errors, a number of cells other than
// `columns` and malformed UTF-8 go to `bad_rows` as `path:line: reason`. Rows may end in a
// separator where there are `trailing_separator`s. Blank lines are no rows, unless there is but one
// column.
absl::Status ForEachSeparatedRow(LineReader& reader, std::string_view separator, size_t columns,
                                 BadRows& bad_rows, RowUser use, bool trailing_separator = false);

}  // namespace shortlist
