// Reads a table of one or several files, all with the same columns, in blocks of rows.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<TableReader> table, TableReader::Open({"events.csv"}, {}));
//   RETURN_IF_ERROR(table->Select({"user", "item"}));
//   TableBlock block;
//   while (true) {
//     ASSIGN_OR_RETURN(const bool found, table->Next(block));
//     if (!found) break;
//     ...  // See block_rows.h.
//   }
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "data/importing/input/block_reader.h"
#include "data/importing/input/table_format.h"

namespace shortlist {

// How the rows of one file are to be read.
struct TableLayout {
  std::string path;
  TableFormat format;
  // Of the columns that are wanted: their names, and where they are in a delimited row, of so many
  // cells.
  std::vector<std::string> names;
  std::vector<size_t> positions;
  size_t row_cells = 0;
};

struct TableBlock {
  std::string text;  // Whole rows, without the header.
  std::shared_ptr<const TableLayout> layout;
  // What precedes the first block of a file: the header's lines; none for the others.
  std::optional<uint64_t> lines_before;
};

class TableReader {
 public:
  // Files are read in the order given; "-" is standard input. Opens the first, which shows the
  // columns.
  static absl::StatusOr<std::unique_ptr<TableReader>> Open(std::vector<std::filesystem::path> files,
                                                           const TableFormat& format);

  // The names of the columns; of JSON lines, those of the first thousand rows.
  const std::vector<std::string>& columns() const { return columns_; }
  const std::string& first_path() const { return first_path_; }
  // Begin of the table, as the first block has it.
  std::string_view first_rows() const { return first_.text; }
  // How to read all columns of these.
  TableLayout LayoutOfAll() const;

  // Which columns the rows of blocks are to have, in that order, before the first block is read.
  absl::Status Select(std::vector<std::string> columns);
  // False when there are no more. Errors name the file.
  absl::StatusOr<bool> Next(TableBlock& block);

  // For showing progress; 0 where it is not known.
  uint64_t total_bytes() const { return total_bytes_; }
  uint64_t bytes_read() const;

 private:
  explicit TableReader(std::vector<std::filesystem::path> files, TableFormat format);

  // Opens the next file and reads its header and first block; false when there is none.
  absl::StatusOr<bool> OpenNextFile();
  // Takes the header from the beginning of `first_`.
  absl::Status ReadHeader(const std::string& path);
  absl::Status MakeLayout(const std::string& path);

  std::vector<std::filesystem::path> files_;
  size_t next_file_ = 0;
  TableFormat format_;
  std::string first_path_;
  std::vector<std::string> columns_;       // Of the first file.
  std::vector<std::string> file_columns_;  // Of the current one.
  std::optional<std::vector<std::string>> selected_;
  std::shared_ptr<const TableLayout> layout_;
  std::optional<BlockReader> blocks_;
  TableBlock first_;        // Of the current file,
  bool has_first_ = false;  // if it has not been handed out.
  uint64_t total_bytes_ = 0;
  uint64_t bytes_of_past_files_ = 0;
};

// The files to read where `paths` are files and folders of parts: those in a folder by their names,
// without hidden ones and those that begin with "_", as Spark and Hadoop leave them there.
absl::StatusOr<std::vector<std::filesystem::path>> ListParts(
    std::span<const std::filesystem::path> paths);

}  // namespace shortlist
