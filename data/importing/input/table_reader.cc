#include "data/importing/input/table_reader.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "common/text/utf8.h"
#include "data/importing/input/byte_source.h"
#include "data/importing/input/delimited_rows.h"
#include "data/importing/input/json_rows.h"
#include "data/importing/input/python_literals.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

// 0 where it is not known.
uint64_t BytesOf(const fs::path& path) {
  std::error_code error;
  const auto size = path == "-" ? 0 : fs::file_size(path, error);
  return error ? 0 : size;
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

fs::path Unpacked(const fs::path& file) {
  const fs::path ending = file.extension();
  return ending == ".gz" || ending == ".zst" ? file.parent_path() / file.stem() : file;
}

bool IsPart(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return entry.is_regular_file() && !name.starts_with('.') && !name.starts_with('_');
}

}  // namespace

TableReader::TableReader(std::vector<fs::path> files, TableFormat format)
    : files_(std::move(files)), format_(std::move(format)) {
  for (const fs::path& file : files_) total_bytes_ += BytesOf(file);
}

absl::StatusOr<std::unique_ptr<TableReader>> TableReader::Open(std::vector<fs::path> files,
                                                               const TableFormat& format) {
  std::unique_ptr<TableReader> table(new TableReader(std::move(files), format));
  if (table->files_.empty()) return absl::InvalidArgumentError("there is no file to read");
  ASSIGN_OR_RETURN(const bool found, table->OpenNextFile());
  if (!found)
    return absl::NotFoundError(
        absl::StrCat(SourceName(table->files_[0]),
                     table->files_.size() > 1 ? " and all files after it are empty" : " is empty"));
  return table;
}

absl::StatusOr<bool> TableReader::OpenNextFile() {
  std::string name;
  do {  // Spark writes empty parts.
    if (next_file_ == files_.size()) return false;
    if (blocks_) bytes_of_past_files_ += blocks_->file_bytes_read();
    const fs::path& path = files_[next_file_++];
    name = SourceName(path);
    ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, ByteSource::Open(path));
    blocks_.emplace(std::move(source), name, format_);
    RETURN_IF_ERROR(blocks_->Next(first_.text));
  } while (blocks_->at_end() && IsBlank(first_.text));
  format_ = blocks_->format();
  RETURN_IF_ERROR(ReadHeader(name));
  // The first row need not end in the block of the header.
  if (first_.text.empty()) RETURN_IF_ERROR(blocks_->Next(first_.text));
  has_first_ = true;
  if (first_path_.empty()) {
    first_path_ = name;
    columns_ = file_columns_;
  }
  if (selected_) {
    RETURN_IF_ERROR(CheckSelected(name));
    MakeLayout(name);
  }
  return true;
}

absl::Status TableReader::ReadHeader(const std::string& path) {
  first_.lines_before = 0;
  if (format_.kind != TableFormat::Kind::kDelimited) {
    file_columns_ =
        JsonKeys(format_.kind == TableFormat::Kind::kPythonLines ? PythonLinesToJson(first_.text)
                                                                 : first_.text);
    if (file_columns_.empty())
      return absl::InvalidArgumentError(absl::StrCat(path, ":1: there are no JSON objects"));
    return absl::OkStatus();
  }
  file_columns_ = format_.columns;
  if (!file_columns_.empty()) return absl::OkStatus();
  DelimitedRows rows(first_.text, format_);
  const auto error = [&](std::string_view reason) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", std::max<uint64_t>(rows.line(), 1), ": ", AbslView(reason)));
  };
  if (!rows.Next()) return error("there is no header");
  if (!rows.status().ok()) return error(std::string(rows.status().message()));
  for (std::string_view cell : rows.cells()) {
    if (file_columns_.empty() && cell.starts_with('#'))
      cell.remove_prefix(std::min(cell.find_first_not_of("# "), cell.size()));
    if (!IsUtf8(cell)) return error("malformed UTF-8");
    file_columns_.emplace_back(cell);
  }
  first_.lines_before = rows.lines_read();
  first_.text.erase(0, rows.bytes_read());
  return absl::OkStatus();
}

absl::Status TableReader::Select(std::vector<std::string> columns) {
  selected_ = std::move(columns);
  any_selected_ = false;
  RETURN_IF_ERROR(CheckSelected(first_path_));
  MakeLayout(first_path_);
  return absl::OkStatus();
}

void TableReader::SelectAny(std::vector<std::string> columns) {
  selected_ = std::move(columns);
  any_selected_ = true;
  MakeLayout(first_path_);
}

absl::Status TableReader::CheckSelected(const std::string& path) const {
  // Any object may lack any key.
  if (any_selected_ || format_.kind != TableFormat::Kind::kDelimited) return absl::OkStatus();
  for (const std::string& name : *selected_) {
    const auto count = std::count(file_columns_.begin(), file_columns_.end(), name);
    if (count == 0)
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":1: there is no column ", name,
                       "; there are: ", absl::StrJoin(file_columns_, ", ")));
    if (count > 1) return absl::InvalidArgumentError(absl::StrCat(path, ":1: two columns ", name));
  }
  return absl::OkStatus();
}

void TableReader::MakeLayout(const std::string& path) {
  TableLayout layout{path, format_, *selected_, {}, file_columns_.size()};
  std::vector<bool> taken(file_columns_.size());
  for (const std::string& name : *selected_) {
    size_t position = 0;
    while (position < file_columns_.size() && (taken[position] || file_columns_[position] != name))
      ++position;
    const bool found = position < file_columns_.size();
    if (found) taken[position] = true;
    layout.positions.push_back(found ? position : TableLayout::kNowhere);
  }
  layout_ = std::make_shared<const TableLayout>(std::move(layout));
}

absl::StatusOr<bool> TableReader::Next(TableBlock& block) {
  while (true) {
    if (has_first_) {
      has_first_ = false;
      std::swap(block, first_);
    } else {
      block.lines_before.reset();
      RETURN_IF_ERROR(blocks_->Next(block.text));
    }
    block.layout = layout_;
    if (!block.text.empty()) return true;
    ASSIGN_OR_RETURN(const bool found, OpenNextFile());
    if (!found) return false;
  }
}

uint64_t TableReader::bytes_read() const {
  return bytes_of_past_files_ + (blocks_ ? blocks_->file_bytes_read() : 0);
}

absl::StatusOr<std::vector<fs::path>> ListParts(std::span<const fs::path> paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<fs::path> parts;
    for (const fs::directory_entry& entry : fs::directory_iterator(path, error))
      if (IsPart(entry)) parts.push_back(entry.path());
    if (error) return absl::ErrnoToStatus(error.value(), path.string());
    if (parts.empty())
      return absl::InvalidArgumentError(absl::StrCat(path.string(), ": no files in the folder"));
    DropPackedCopies(parts);
    files.insert(files.end(), parts.begin(), parts.end());
  }
  return files;
}

void DropPackedCopies(std::vector<fs::path>& files) {
  std::sort(files.begin(), files.end());  // A plain one is before its packed copies.
  std::set<fs::path> taken;
  std::erase_if(files, [&](const fs::path& file) { return !taken.insert(Unpacked(file)).second; });
}

}  // namespace shortlist
