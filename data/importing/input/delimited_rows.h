// Rows of delimited text: cells stand between delimiters and may, where the format says so, stand
// in quotes as RFC 4180 has it and then hold delimiters, doubled quotes and line ends. Lines end in
// LF or CRLF; blank ones are no rows.
//
//   DelimitedRows rows(text, format);
//   while (rows.Next()) {
//     if (!rows.status().ok()) ...  // The row at rows.line() cannot be read.
//     Use(rows.cells());
//   }
//
// Not thread-safe; text and format must outlive it, cells live until the next call of Next.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "data/importing/input/table_format.h"

namespace shortlist {

// Longer rows are taken for such as have a quote that does not end.
inline constexpr size_t kMaxRowBytes = 16 << 20;

class DelimitedRows {
 public:
  // `format` must have a delimiter.
  DelimitedRows(std::string_view text, const TableFormat& format);

  // Goes on to the next row; false when there is none.
  bool Next();
  // Whether the row could be read. Where not, Next goes on with the line after its first.
  const absl::Status& status() const { return status_; }
  std::span<const std::string_view> cells() const { return cells_; }
  // Of the row's first line, from 1.
  uint64_t line() const { return line_; }
  // How many lines and bytes of the text have been read.
  uint64_t lines_read() const { return lines_read_; }
  size_t bytes_read() const { return position_; }
  // Whether the row is bad because a quoted cell of it has no end in the text.
  bool unended() const { return problem_ == kUnended; }

 private:
  // Moves position_ past the row and its cells into cells_; what is wrong with it, or null.
  const char* ReadRow();
  // The cell that begins with a quote at position_; false where it does not end.
  bool ReadQuotedCell();
  void SkipBlanks();
  // Where a cell that is not in quotes ends, or something in it that it must not hold.
  size_t FindStop(size_t begin) const;
  bool AtDelimiter(size_t position) const;
  // Whether a row ends at position_; goes past its line end then.
  bool TakeRowEnd();
  bool SkipBlankLines();

  static constexpr char kUnended[] = "a quoted cell does not end";

  // A cell that does not stand in the text as it is, but in unescaped_.
  struct UnescapedCell {
    size_t cell, begin, size;
  };

  std::string_view text_;
  const TableFormat& format_;
  std::array<bool, 256> stops_{};  // Characters that may end a cell or are out of place in it.
  size_t position_ = 0;
  uint64_t line_ = 0;
  uint64_t lines_read_ = 0;
  const char* problem_ = nullptr;
  absl::Status status_;
  std::vector<std::string_view> cells_;
  std::string unescaped_;
  std::vector<UnescapedCell> unescaped_cells_;
};

// Where the last row ends that a text has to its end, of a text that goes on elsewhere; 0 where
// there is none.
size_t EndOfLastRow(std::string_view text, const TableFormat& format);

// The delimiter that makes the most cells of a table's first line: a tab, ",", ";", "|" or "::".
std::string RecogniseDelimiter(std::string_view line);

}  // namespace shortlist
