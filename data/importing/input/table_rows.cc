#include "data/importing/input/table_rows.h"

#include <cstdint>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "data/importing/input/block_rows.h"
#include "data/importing/input/table_reader.h"

namespace shortlist {

absl::Status ForEachTableRow(const std::filesystem::path& path, const TableFormat& format,
                             const std::vector<std::string>& columns, BadRows& bad_rows,
                             RowUser use) {
  ASSIGN_OR_RETURN(std::unique_ptr<TableReader> table, TableReader::Open({path}, format));
  RETURN_IF_ERROR(table->Select(columns));
  TableBlock block;
  BlockRows rows;
  uint64_t line = 0;
  while (true) {
    ASSIGN_OR_RETURN(const bool found, table->Next(block));
    if (!found) return absl::OkStatus();
    line = block.lines_before.value_or(line);
    rows.Start(block.text, *block.layout);
    while (rows.Next()) {
      absl::Status status = rows.status();
      if (status.ok()) status = use(rows.cells());
      if (status.ok()) continue;
      RETURN_IF_ERROR(bad_rows.Add(absl::InvalidArgumentError(
          absl::StrCat(block.layout->path, ":", line + rows.line(), ": ", status.message()))));
    }
    line += rows.lines_read();
  }
}

}  // namespace shortlist
