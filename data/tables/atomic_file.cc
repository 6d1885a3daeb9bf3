#include "data/tables/atomic_file.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "common/text/decimal.h"
#include "common/text/strings.h"
#include "common/text/utf8.h"
#include "data/tables/line_reader.h"
#include "data/tables/quoted_cells.h"

namespace shortlist {
namespace {

// Of the header and the row after it, at the most.
constexpr size_t kMaxHeaderBytes = 1 << 20;

// Why the content is no such text; empty where it may be one.
std::string_view ForeignForm(std::string_view content) {
  if (IsUtf16(content)) return "the file is UTF-16; UTF-8 is expected";
  if (content.starts_with("\x1F\x8B")) return "the file is compressed; text is expected";
  return "";
}

// Where the header is: the first line that is not blank.
struct Top {
  std::string_view header, row;  // `row` is the line after it.
  uint64_t header_line = 1;
  size_t header_offset = 0, rows_offset = 0;
};

Top FindTop(std::string_view content) {
  LineReader reader("", content.substr(0, kMaxHeaderBytes));
  Top top;
  top.header_offset = reader.position().offset;
  while (const std::optional<std::string_view> line = reader.Next()) {
    top.header = *line;
    top.header_line = reader.line_number();
    top.rows_offset = reader.position().offset;
    if (line->find_first_not_of(' ') != std::string_view::npos) break;
    top.header_offset = top.rows_offset;
  }
  top.row = reader.Next().value_or("");
  return top;
}

// Whether each of `rows` has one cell more than there are columns, an empty one at its end: a
// single one may have a tab in a cell, and no last cell. Looks at no more rows than it must.
bool EveryRowEndsInATab(std::string_view rows, size_t columns) {
  LineReader reader("", rows);
  std::vector<std::string_view> cells;
  bool any = false;
  while (const std::optional<std::string_view> line = reader.Next()) {
    if (line->find_first_not_of(' ') == std::string_view::npos) continue;
    if (!line->ends_with('\t')) return false;
    SplitCells(*line, "\t", cells);
    if (cells.size() != columns + 1) return false;
    any = true;
  }
  return any;
}

}  // namespace

absl::StatusOr<AtomicFile> AtomicFile::Open(const std::filesystem::path& path) {
  AtomicFile file;
  file.path_ = path.string();
  ASSIGN_OR_RETURN(file.file_, MappedFile::Open(path));
  if (const std::string_view reason = ForeignForm(file.file_->content()); !reason.empty())
    return file.HeaderError(reason);
  file.TakeOffQuotes();
  RETURN_IF_ERROR(file.ReadHeader());
  return file;
}

void AtomicFile::TakeOffQuotes() {
  const std::string_view content = file_->content();
  const Top top = FindTop(content);
  const char separator = SeparatorOfRows(SeparatorOfHeader(top.header), top.row);
  const std::string_view text = content.substr(top.header_offset);
  const QuotingFinding finding = FindQuoting(text, separator);
  if (finding.quoted_cells == 0) return;
  const std::string found =
      absl::StrCat(path_, ": ", finding.quoted_cells, " cells begin with a quote, such as ",
                   AbslView(finding.example));
  if (finding.is_consistent) {
    LogInfo(absl::StrCat(found, ": the file is quoted, and is read without the quotes"));
    unquoted_ = std::make_shared<const std::string>(
        absl::StrCat(AbslView(content.substr(0, top.header_offset)), Unquoted(text, separator)));
  } else {
    LogWarning(absl::StrCat(found, ": the quotes are kept, since others are not around cells"));
  }
}

absl::Status AtomicFile::ReadHeader() {
  const Top top = FindTop(content());
  header_line_ = top.header_line;
  if (!IsUtf8(top.header)) return HeaderError("malformed UTF-8");
  absl::StatusOr<AtomicHeader> header = ParseAtomicHeader(top.header, top.row);
  if (!header.ok()) return HeaderError(std::string(header.status().message()));
  header_ = *std::move(header);
  if (!header_.trailing_separator && top.row.ends_with('\t') &&
      EveryRowEndsInATab(content().substr(top.rows_offset), header_.columns.size())) {
    header_.trailing_separator = true;
    header_.notes.emplace_back("tabs at the ends of rows are ignored");
  }
  for (const std::string& note : header_.notes) LogInfo(absl::StrCat(path_, ": ", note));
  return absl::OkStatus();
}

std::optional<size_t> AtomicFile::FindColumn(std::string_view name) const {
  auto it = std::find_if(header_.columns.begin(), header_.columns.end(),
                         [&](const AtomicColumn& column) { return column.name == name; });
  if (it == header_.columns.end()) return std::nullopt;
  return it - header_.columns.begin();
}

absl::Status AtomicFile::ForEachRow(BadRows& bad_rows, RowUser use) const {
  LineReader reader(path_, content());
  while (reader.line_number() < header_line_) reader.Next();
  return ForEachSeparatedRow(reader, std::string_view(&header_.separator, 1),
                             header_.columns.size(), bad_rows, use, header_.trailing_separator);
}

absl::Status AtomicFile::HeaderError(std::string_view reason) const {
  return absl::InvalidArgumentError(absl::StrCat(path_, ":", header_line_, ": ", AbslView(reason)));
}

absl::StatusOr<double> ParseNumber(std::string_view cell, std::string_view column) {
  if (const std::optional<double> number = ParseDecimal(cell)) return *number;
  return absl::InvalidArgumentError(
      absl::StrCat(AbslView(column), " is not a finite number: \"", AbslView(cell), "\""));
}

}  // namespace shortlist
