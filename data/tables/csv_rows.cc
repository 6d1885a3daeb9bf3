#include "data/tables/csv_rows.h"

#include <csv.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "common/utf8.h"
#include "data/tables/line_reader.h"

namespace shortlist {
namespace {

// libcsv behind an interface by row. It is fed one line at a time, so that a row's line is known.
class CsvReader {
 public:
  explicit CsvReader(LineReader& lines) : lines_(lines) { Init(); }
  ~CsvReader() { csv_free(&parser_); }
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // Reads the next row; false when there is none. Blank lines are no rows.
  bool Next();
  // Whether the row could be read. Where not, Next goes on with the line after its first.
  const absl::Status& status() const { return status_; }
  const std::vector<std::string_view>& cells() const { return cells_; }
  // `path:line: reason` with the row's first line.
  absl::Status Error(std::string_view reason) const { return lines_.Error(reason, first_line_); }

 private:
  void Init();
  // False when libcsv finds a syntax error.
  bool Feed(std::string_view text);
  void ParseRow(std::optional<std::string_view> line);
  void Fail(std::string_view reason);

  LineReader& lines_;
  csv_parser parser_;
  std::string bytes_;         // Of the row's cells, one after another,
  std::vector<size_t> ends_;  // and where each ends.
  int rows_ended_ = 0;
  std::vector<std::string_view> cells_;
  uint64_t first_line_ = 0;
  absl::Status status_;
};

void CsvReader::Init() {
  if (csv_init(&parser_, CSV_STRICT) != 0) std::abort();
}

bool CsvReader::Feed(std::string_view text) {
  auto on_cell = [](void* cell, size_t size, void* reader) {
    auto& self = *static_cast<CsvReader*>(reader);
    self.bytes_.append(static_cast<const char*>(cell), size);
    self.ends_.push_back(self.bytes_.size());
  };
  auto on_row = [](int, void* reader) { ++static_cast<CsvReader*>(reader)->rows_ended_; };
  return csv_parse(&parser_, text.data(), text.size(), on_cell, on_row, this) == text.size();
}

void CsvReader::Fail(std::string_view reason) {
  status_ = absl::InvalidArgumentError(AbslView(reason));
  csv_free(&parser_);
  Init();
}

bool CsvReader::Next() {
  std::optional<std::string_view> line;
  do {
    line = lines_.Next();
    if (!line) return false;
  } while (line->find_first_not_of(" \t") == std::string_view::npos);

  first_line_ = lines_.line_number();
  LineReader::Position second_line = lines_.position();
  ParseRow(line);
  if (!status_.ok()) lines_.Rewind(second_line);
  return true;
}

void CsvReader::ParseRow(std::optional<std::string_view> line) {
  status_ = absl::OkStatus();
  bytes_.clear();
  ends_.clear();
  cells_.clear();
  rows_ended_ = 0;
  for (; rows_ended_ == 0; line = lines_.Next()) {
    if (!line) return Fail("a quoted cell does not end");
    if (!Feed(*line) || !Feed("\n")) return Fail("a quote is neither around a cell nor doubled");
    if (rows_ended_ > 0) break;
  }
  if (rows_ended_ > 1) return Fail("a carriage return within the row");
  if (!IsUtf8(bytes_)) return Fail("malformed UTF-8");
  size_t start = 0;
  for (size_t end : ends_) {
    cells_.push_back(std::string_view(bytes_).substr(start, end - start));
    start = end;
  }
}

}  // namespace

absl::Status ForEachCsvRow(const std::filesystem::path& path,
                           std::span<const std::string_view> columns, BadRows& bad_rows,
                           RowUser use) {
  ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  LineReader lines(path.string(), file->content());
  CsvReader reader(lines);
  if (!reader.Next()) return lines.Error("there is no header", 1);
  if (!reader.status().ok()) return reader.Error(std::string(reader.status().message()));
  const std::vector<std::string_view>& header = reader.cells();
  const size_t header_size = header.size();
  std::vector<size_t> sources;
  for (std::string_view column : columns) {
    auto it = std::find(header.begin(), header.end(), column);
    if (it == header.end())
      return reader.Error(absl::StrCat("there is no column ", AbslView(column)));
    sources.push_back(static_cast<size_t>(it - header.begin()));
  }

  std::vector<std::string_view> wanted(columns.size());
  while (reader.Next()) {
    absl::Status status = reader.status();
    if (status.ok() && reader.cells().size() != header_size)
      status = absl::InvalidArgumentError(
          absl::StrCat("expected ", header_size, " columns, found ", reader.cells().size()));
    if (status.ok()) {
      for (size_t i = 0; i < sources.size(); ++i) wanted[i] = reader.cells()[sources[i]];
      status = use(wanted);
    }
    if (!status.ok()) RETURN_IF_ERROR(bad_rows.Add(reader.Error(std::string(status.message()))));
  }
  return absl::OkStatus();
}

}  // namespace shortlist
