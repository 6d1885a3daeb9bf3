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
  // cells; kNowhere: the file has no such column.
  static constexpr size_t kNowhere = static_cast<size_t>(-1);
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
  // columns. Empty files are passed over; where all are, that is a NotFound error.
  static absl::StatusOr<std::unique_ptr<TableReader>> Open(std::vector<std::filesystem::path> files,
                                                           const TableFormat& format);

  // The names of the columns; of JSON lines, those in the first block.
  const std::vector<std::string>& columns() const { return columns_; }
  const std::string& first_path() const { return first_path_; }
  // Begin of the table, as the first block has it, and how to read it once columns are selected:
  // before the first call of Next.
  std::string_view first_rows() const { return first_.text; }
  const TableLayout& layout() const { return *layout_; }
  // As it was given, with what the first file shows of it.
  const TableFormat& format() const { return format_; }

  // Which columns the rows of blocks are to have, in that order, before the first block is read.
  // An error where a delimited file has none of that name, or two.
  absl::Status Select(std::vector<std::string> columns);
  // The same of columns that may be missing, and are empty then, or of which several have one name:
  // these are told apart by their order.
  void SelectAny(std::vector<std::string> columns);
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
  absl::Status CheckSelected(const std::string& path) const;
  void MakeLayout(const std::string& path);

  std::vector<std::filesystem::path> files_;
  size_t next_file_ = 0;
  TableFormat format_;
  std::string first_path_;
  std::vector<std::string> columns_;       // Of the first file.
  std::vector<std::string> file_columns_;  // Of the current one.
  std::optional<std::vector<std::string>> selected_;
  bool any_selected_ = false;  // By SelectAny.
  std::shared_ptr<const TableLayout> layout_;
  std::optional<BlockReader> blocks_;
  TableBlock first_;        // Of the current file,
  bool has_first_ = false;  // if it has not been handed out.
  uint64_t total_bytes_ = 0;
  uint64_t bytes_of_past_files_ = 0;
};

// The files to read where `paths` are files and folders of parts: those in a folder by their names,
// without hidden ones and those that begin with "_", as Spark and Hadoop leave them there, and
// without the packed copies.
absl::StatusOr<std::vector<std::filesystem::path>> ListParts(
    std::span<const std::filesystem::path> paths);

// Sorts files by name, and of those that are there plain and packed, such as a.csv and a.csv.gz,
// keeps one: the plain one if it is among them.
void DropPackedCopies(std::vector<std::filesystem::path>& files);

}  // namespace shortlist
