// The rows of a table's block, with the cells of the columns that are wanted.
//
//   BlockRows rows;
//   rows.Start(block);
//   while (rows.Next())
//     if (rows.status().ok()) Use(rows.cells());
//
// Not thread-safe: one for each thread. Cells live until the next call of Next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "data/importing/input/delimited_rows.h"
#include "data/importing/input/json_rows.h"
#include "data/importing/input/table_reader.h"

namespace shortlist {

class BlockRows {
 public:
  // The text and the layout must live until the last row has been read.
  void Start(std::string_view text, const TableLayout& layout);
  bool Next();
  // Why the row cannot be read: as DelimitedRows and JsonRows say, or it has another number of
  // cells than the table, or is malformed UTF-8.
  const absl::Status& status() const { return status_; }
  std::span<const std::string_view> cells() const { return cells_; }
  // Of the row's first line within the block, from 1.
  uint64_t line() const { return json_ ? json_->line() : delimited_->line(); }
  uint64_t lines_read() const { return json_ ? json_->lines_read() : delimited_->lines_read(); }
  bool is_json() const { return json_ != nullptr; }
  bool IsArray(size_t cell) const { return json_ && json_->IsArray(cell); }
  bool IsObject(size_t cell) const { return json_ && json_->IsObject(cell); }

 private:
  void TakeDelimitedRow();
  bool IsRowUtf8() const;

  const TableLayout* layout_ = nullptr;
  bool is_utf8_ = true;  // All of the block.
  std::optional<DelimitedRows> delimited_;
  std::unique_ptr<JsonRows> json_;
  std::vector<std::string> json_keys_;  // Those of json_.
  std::string python_as_json_;
  std::vector<std::string_view> cells_;
  absl::Status status_;
};

}  // namespace shortlist
