#include "data/importing/table_sample.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/status_macros.h"
#include "common/text/utf8.h"
#include "data/importing/date_text.h"
#include "data/importing/input/block_rows.h"
#include "data/importing/input/byte_source.h"
#include "data/importing/input/json_rows.h"
#include "data/importing/input/python_literals.h"
#include "data/importing/interaction_cells.h"
#include "data/tables/cell_numbers.h"
#include "data/tables/no_value.h"

namespace shortlist {
namespace {

constexpr size_t kExamples = 3;
constexpr size_t kCells = 5000;
constexpr size_t kMaxCellBytes = 1000;
constexpr uint64_t kSmallTableBytes = 16 << 20;
constexpr size_t kMaxFiles = 16;
constexpr uint64_t kPlacesPerFile = 16;
constexpr size_t kBytesPerPlace = 64 << 10;

bool IsLikeACode(std::string_view number) {
  return number.size() > 1 && number[0] == '0' && number[1] != '.';
}

void AddCell(std::string_view cell, const BlockRows& rows, size_t c, ColumnSample& column) {
  if (rows.IsObject(c)) {
    ++column.objects;
    return;
  }
  if (MeansNoValue(cell)) {
    ++column.missing;
    column.empty += cell.empty() ? 1 : 0;
    return;
  }
  column.bytes += cell.size();
  std::string date;
  if (rows.IsArray(c)) {
    ++column.texts;
    ++column.arrays;
  } else if (IsNumber(cell)) {
    ++column.numbers;
    column.leading_zeros += IsLikeACode(cell) ? 1 : 0;
  } else if (AppendDate(cell, date)) {
    ++column.dates;
  } else {
    ++column.texts;
    column.booleans += ReadBoolean(cell) ? 1 : 0;
  }
  if (column.cells.size() < kCells && cell.size() <= kMaxCellBytes &&
      cell.find_first_of(" |;,") != std::string_view::npos)
    column.cells.emplace_back(cell);
  if (column.examples.size() < kExamples &&
      std::find(column.examples.begin(), column.examples.end(), cell) == column.examples.end())
    column.examples.emplace_back(cell);
}

class Sampler {
 public:
  explicit Sampler(const std::vector<std::string>& columns) {
    for (const std::string& name : columns) AddColumn(name);
  }

  // `whole_rows`: no row begins before the text.
  void Add(std::string_view text, const TableLayout& layout, bool whole_rows) {
    TableLayout all = layout;
    if (layout.format.kind != TableFormat::Kind::kDelimited) {
      AddKeys(text, layout.format.kind);
      all.names = Names();
    }
    rows_.Start(text, all);
    bool in_step = whole_rows;
    while (rows_.Next()) {
      if (!rows_.status().ok()) {
        if (!in_step) continue;
        if (sample_.bad_rows++ == 0) sample_.first_error = std::string(rows_.status().message());
        continue;
      }
      in_step = true;
      ++sample_.rows;
      for (size_t c = 0; c < sample_.columns.size(); ++c)
        AddCell(rows_.cells()[c], rows_, c, sample_.columns[c]);
    }
  }

  // Places within a plain file, after its beginning.
  absl::Status AddPlaces(const std::filesystem::path& file, const TableLayout& layout) {
    std::error_code error;
    const uint64_t size = std::filesystem::file_size(file, error);
    if (error || size < kPlacesPerFile * kBytesPerPlace) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> source, ByteSource::Open(file));
    std::string text;
    for (uint64_t place = 1; place < kPlacesPerFile; ++place) {
      if (!source->SeekTo(size / kPlacesPerFile * place)) break;
      text.resize(kBytesPerPlace);
      ASSIGN_OR_RETURN(const size_t count, source->Read(text.data(), text.size()));
      text.resize(count);
      text.resize(text.rfind('\n') + 1);  // npos + 1 is 0.
      text.erase(0, text.find('\n') + 1);
      if (layout.format.latin1 && !IsUtf8(text)) text = Latin1ToUtf8(text);
      if (!text.empty()) Add(text, layout, /*whole_rows=*/false);
    }
    return absl::OkStatus();
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const ColumnSample& column : sample_.columns) names.push_back(column.name);
    return names;
  }
  TableSample& sample() { return sample_; }

 private:
  void AddColumn(const std::string& name) {
    ColumnSample& column = sample_.columns.emplace_back();
    column.name = name;
    column.missing = column.empty = sample_.rows;
  }

  void AddKeys(std::string_view text, TableFormat::Kind kind) {
    const bool python = kind == TableFormat::Kind::kPythonLines;
    const std::vector<std::string> known = Names();
    for (const std::string& key : python ? JsonKeys(PythonLinesToJson(text)) : JsonKeys(text))
      if (std::find(known.begin(), known.end(), key) == known.end()) AddColumn(key);
  }

  BlockRows rows_;
  TableSample sample_;
};

absl::Status AddFile(const std::filesystem::path& file, const TableFormat& format,
                     Sampler& sampler) {
  absl::StatusOr<std::unique_ptr<TableReader>> table = TableReader::Open({file}, format);
  if (absl::IsNotFound(table.status())) return absl::OkStatus();  // Empty.
  RETURN_IF_ERROR(table.status());
  (*table)->SelectAny(sampler.Names());
  TableBlock block;
  ASSIGN_OR_RETURN(const bool found, (*table)->Next(block));
  if (!found) return absl::OkStatus();
  sampler.Add(block.text, *block.layout, /*whole_rows=*/true);
  return sampler.AddPlaces(file, *block.layout);
}

}  // namespace

TableSample SampleBeginning(TableReader& table) {
  Sampler sampler(table.columns());
  table.SelectAny(table.columns());
  sampler.Add(table.first_rows(), table.layout(), /*whole_rows=*/true);
  return std::move(sampler.sample());
}

absl::StatusOr<TableSample> SampleAll(const std::vector<std::filesystem::path>& files,
                                      const TableFormat& format) {
  ASSIGN_OR_RETURN(const std::unique_ptr<TableReader> table, TableReader::Open(files, format));
  Sampler sampler(table->columns());
  if (table->total_bytes() > kSmallTableBytes) {
    const size_t step = (files.size() + kMaxFiles - 1) / kMaxFiles;
    for (size_t f = 0; f < files.size(); f += step)
      RETURN_IF_ERROR(AddFile(files[f], table->format(), sampler));
    return std::move(sampler.sample());
  }
  table->SelectAny(table->columns());
  TableBlock block;
  uint64_t bytes = 0;
  while (bytes < kSmallTableBytes) {
    ASSIGN_OR_RETURN(const bool found, table->Next(block));
    if (!found) {
      sampler.sample().whole = true;
      break;
    }
    bytes += block.text.size();
    sampler.Add(block.text, *block.layout, /*whole_rows=*/true);
  }
  return std::move(sampler.sample());
}

}  // namespace shortlist
