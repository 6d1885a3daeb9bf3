// One of RecBole's atomic files (https://recbole.io/docs/user_guide/data/atomic_files.html):
// tab-separated text whose first line names the columns as `field:type`. Lines end in LF or CRLF.
// Everything in it must be UTF-8. What others write that means the same is read, too, and logged:
// headers as atomic_header.h has it, quotes as quoted_cells.h has it, blank lines.
//
//   ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Open("ml-100k/ml-100k.item"));
//   RETURN_IF_ERROR(file.ForEachRow(bad_rows, [&](std::span<const std::string_view> cells) {
//     ...
//     return absl::OkStatus();
//   }));
//
// Immutable; cells are views into the mapped file and live as long as the AtomicFile or a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/files.h"
#include "data/tables/atomic_header.h"
#include "data/tables/bad_rows.h"
#include "data/tables/separated_rows.h"

namespace shortlist {

class AtomicFile {
 public:
  // Maps the file and reads its header.
  static absl::StatusOr<AtomicFile> Open(const std::filesystem::path& path);

  const std::string& path() const { return path_; }
  const std::vector<AtomicColumn>& columns() const { return header_.columns; }
  // Position of the column of exactly that name.
  std::optional<size_t> FindColumn(std::string_view name) const;

  // Calls `use` with one cell per column of every row after the header, in order. Bad rows are
  // those of ForEachSeparatedRow.
  absl::Status ForEachRow(BadRows& bad_rows, RowUser use) const;

  // `path:line: reason`
  absl::Status HeaderError(std::string_view reason) const;

 private:
  AtomicFile() = default;
  // What the file holds, without quotes.
  std::string_view content() const { return unquoted_ ? *unquoted_ : file_->content(); }
  void TakeOffQuotes();
  absl::Status ReadHeader();

  std::string path_;
  std::shared_ptr<const MappedFile> file_;
  std::shared_ptr<const std::string> unquoted_;  // Null where the file has no quotes.
  AtomicHeader header_;
  uint64_t header_line_ = 1;
};

// The number a cell holds in decimal notation; an error that names `column` when it is none or is
// not finite.
absl::StatusOr<double> ParseNumber(std::string_view cell, std::string_view column);

}  // namespace shortlist
