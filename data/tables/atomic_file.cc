#include "data/tables/atomic_file.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/decimal.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "common/utf8.h"
#include "data/tables/line_reader.h"

namespace shortlist {
namespace {

std::optional<AtomicType> ParseType(std::string_view name) {
  if (name == "token") return AtomicType::kToken;
  if (name == "token_seq") return AtomicType::kTokenSeq;
  if (name == "float") return AtomicType::kFloat;
  if (name == "float_seq") return AtomicType::kFloatSeq;
  return std::nullopt;
}

}  // namespace

absl::StatusOr<AtomicFile> AtomicFile::Open(const std::filesystem::path& path) {
  AtomicFile file;
  file.path_ = path.string();
  ASSIGN_OR_RETURN(file.file_, MappedFile::Open(path));
  RETURN_IF_ERROR(file.ReadHeader());
  return file;
}

absl::Status AtomicFile::ReadHeader() {
  std::string_view header = LineReader(path_, file_->content()).Next().value_or("");
  if (header.empty()) return HeaderError("there is no header");
  if (!IsUtf8(header)) return HeaderError("malformed UTF-8");
  std::vector<std::string_view> cells;
  SplitCells(header, "\t", cells);
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
  LineReader reader(path_, file_->content());
  reader.Next();  // The header.
  return ForEachSeparatedRow(reader, "\t", columns_.size(), bad_rows, use);
}

absl::Status AtomicFile::HeaderError(std::string_view reason) const {
  return absl::InvalidArgumentError(absl::StrCat(path_, ":1: ", AbslView(reason)));
}

absl::StatusOr<double> ParseNumber(std::string_view cell, std::string_view column) {
  if (const std::optional<double> number = ParseDecimal(cell)) return *number;
  return absl::InvalidArgumentError(
      absl::StrCat(AbslView(column), " is not a finite number: \"", AbslView(cell), "\""));
}

}  // namespace shortlist
