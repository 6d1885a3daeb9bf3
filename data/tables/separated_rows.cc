#include "data/tables/separated_rows.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "common/text/utf8.h"

namespace shortlist {

void SplitCells(std::string_view line, std::string_view separator,
                std::vector<std::string_view>& cells) {
  cells.clear();
  size_t start = 0;
  for (size_t end = line.find(separator); end != std::string_view::npos;
       end = line.find(separator, start)) {
    cells.push_back(line.substr(start, end - start));
    start = end + separator.size();
  }
  cells.push_back(line.substr(start));
}

absl::Status ForEachSeparatedRow(LineReader& reader, std::string_view separator, size_t columns,
                                 BadRows& bad_rows, RowUser use, bool trailing_separator) {
  std::vector<std::string_view> cells;
  while (std::optional<std::string_view> line = reader.Next()) {
    if (columns > 1 && line->find_first_not_of(' ') == std::string_view::npos) continue;
    SplitCells(*line, separator, cells);
    if (trailing_separator && cells.size() == columns + 1 && cells.back().empty()) cells.pop_back();
    absl::Status status;
    if (cells.size() != columns) {
      status = absl::InvalidArgumentError(
          absl::StrCat("expected ", columns, " columns, found ", cells.size()));
    } else if (!IsUtf8(*line)) {
      status = absl::InvalidArgumentError("malformed UTF-8");
    } else {
      status = use(cells);
    }
    if (!status.ok()) RETURN_IF_ERROR(bad_rows.Add(reader.Error(std::string(status.message()))));
  }
  return absl::OkStatus();
}

}  // namespace shortlist
