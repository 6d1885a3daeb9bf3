#include "training/atomic_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "common/utf8.h"

namespace shortlist {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Cuts the first line off `text` and returns it without its end.
std::string_view TakeLine(std::string_view& text) {
  size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void SplitAtTabs(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  size_t start = 0;
  for (size_t tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t', start)) {
    cells.push_back(line.substr(start, tab - start));
    start = tab + 1;
  }
  cells.push_back(line.substr(start));
}

std::optional<AtomicType> ParseType(std::string_view name) {
  if (name == "token") return AtomicType::kToken;
  if (name == "token_seq") return AtomicType::kTokenSeq;
  if (name == "float") return AtomicType::kFloat;
  if (name == "float_seq") return AtomicType::kFloatSeq;
  return std::nullopt;
}

absl::Status LineError(const std::string& path, uint64_t line, std::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat(path, ":", line, ": ", AbslView(reason)));
}

}  // namespace

absl::StatusOr<AtomicFile> AtomicFile::Open(const std::filesystem::path& path) {
  AtomicFile file;
  file.path_ = path.string();
  ASSIGN_OR_RETURN(file.file_, MappedFile::Open(path));
  file.rows_ = file.file_->content();
  if (file.rows_.starts_with(kByteOrderMark)) file.rows_.remove_prefix(kByteOrderMark.size());
  RETURN_IF_ERROR(file.ReadHeader(TakeLine(file.rows_)));
  return file;
}

absl::Status AtomicFile::ReadHeader(std::string_view header) {
  if (header.empty()) return HeaderError("there is no header");
  if (!IsUtf8(header)) return HeaderError("malformed UTF-8");
  std::vector<std::string_view> cells;
  SplitAtTabs(header, cells);
  for (std::string_view cell : cells) {
    size_t colon = cell.rfind(':');
    std::string_view name = cell.substr(0, colon);
    if (colon == std::string_view::npos || name.empty())
      return HeaderError(absl::StrCat("\"", AbslView(cell), "\" is not of the form field:type"));
    std::optional<AtomicType> type = ParseType(cell.substr(colon + 1));
    if (!type)
      return HeaderError(absl::StrCat("\"", AbslView(cell),
                                      "\" has an unknown type; known are token, token_seq, float "
                                      "and float_seq"));
    if (FindColumn(name)) return HeaderError(absl::StrCat("two columns \"", AbslView(name), "\""));
    columns_.push_back({std::string(name), *type});
  }
  return absl::OkStatus();
}

std::optional<size_t> AtomicFile::FindColumn(std::string_view name) const {
  auto it = std::find_if(columns_.begin(), columns_.end(),
                         [&](const AtomicColumn& column) { return column.name == name; });
  if (it == columns_.end()) return std::nullopt;
  return it - columns_.begin();
}

absl::Status AtomicFile::ForEachRow(BadRows& bad_rows, RowUser use) const {
  std::vector<std::string_view> cells;
  uint64_t line_number = 1;
  for (std::string_view rest = rows_; !rest.empty();) {
    std::string_view line = TakeLine(rest);
    ++line_number;
    SplitAtTabs(line, cells);
    absl::Status status;
    if (cells.size() != columns_.size()) {
      status = absl::InvalidArgumentError(
          absl::StrCat("expected ", columns_.size(), " columns, found ", cells.size()));
    } else if (!IsUtf8(line)) {
      status = absl::InvalidArgumentError("malformed UTF-8");
    } else {
      status = use(cells);
    }
    if (!status.ok()) {
      std::string_view reason(status.message().data(), status.message().size());
      RETURN_IF_ERROR(bad_rows.Add(LineError(path_, line_number, reason)));
    }
  }
  return absl::OkStatus();
}

absl::Status AtomicFile::HeaderError(std::string_view reason) const {
  return LineError(path_, 1, reason);
}

absl::StatusOr<double> ParseNumber(std::string_view cell, std::string_view column) {
  double number = 0;
  auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (error != std::errc() || end != cell.data() + cell.size() ||
      !std::isfinite(static_cast<float>(number)))
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(column), " is not a finite number: \"", AbslView(cell), "\""));
  return number;
}

}  // namespace shortlist
