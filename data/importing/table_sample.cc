#include "data/importing/table_sample.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/status_macros.h"
#include "data/importing/date_text.h"
#include "data/importing/input/block_rows.h"
#include "data/importing/input/byte_source.h"
#include "data/importing/interaction_cells.h"

namespace shortlist {
namespace {

constexpr size_t kExamples = 3;
constexpr uint64_t kSmallTableBytes = 64 << 20;
constexpr uint64_t kPlacesPerFile = 16;
constexpr size_t kBytesPerPlace = 256 << 10;

bool IsLikeACode(std::string_view number) {
  return number.size() > 1 && number[0] == '0' && number[1] != '.';
}

void AddCell(std::string_view cell, bool array, ColumnSample& column) {
  if (IsNothing(cell)) {
    ++column.missing;
    return;
  }
  column.bytes += cell.size();
  column.arrays |= array;
  column.with_bars += cell.find('|') != std::string_view::npos ? 1 : 0;
  column.with_commas += cell.find(',') != std::string_view::npos ? 1 : 0;
  if (IsNumber(cell)) {
    ++column.numbers;
    column.leading_zeros += IsLikeACode(cell) ? 1 : 0;
  } else if (ReadDateText(cell)) {
    ++column.dates;
  } else {
    ++column.texts;
  }
  if (column.examples.size() < kExamples &&
      std::find(column.examples.begin(), column.examples.end(), cell) == column.examples.end())
    column.examples.emplace_back(cell);
}

class Sampler {
 public:
  explicit Sampler(TableLayout layout) : layout_(std::move(layout)) {
    for (const std::string& name : layout_.names) sample_.columns.emplace_back().name = name;
  }

  // `whole_rows`: no row begins before the text.
  void Add(std::string_view text, bool whole_rows) {
    rows_.Start(text, layout_);
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
        AddCell(rows_.cells()[c], rows_.IsArray(c), sample_.columns[c]);
    }
  }

  absl::Status AddPlaces(const std::filesystem::path& file) {
    std::error_code error;
    const uint64_t size = std::filesystem::file_size(file, error);
    ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> source, ByteSource::Open(file));
    std::string text(kBytesPerPlace, '\0');
    for (uint64_t place = 1; !error && place < kPlacesPerFile; ++place) {
      if (!source->SeekTo(size / kPlacesPerFile * place)) break;
      ASSIGN_OR_RETURN(const size_t count, source->Read(text.data(), text.size()));
      const std::string_view read = std::string_view(text).substr(0, count);
      const size_t begin = read.find('\n') + 1;  // npos + 1 is 0.
      const size_t end = read.rfind('\n') + 1;
      if (begin < end) Add(read.substr(begin, end - begin), /*whole_rows=*/false);
    }
    return absl::OkStatus();
  }

  TableSample& sample() { return sample_; }

 private:
  TableLayout layout_;
  BlockRows rows_;
  TableSample sample_;
};

}  // namespace

TableSample SampleBeginning(const TableReader& table) {
  Sampler sampler(table.LayoutOfAll());
  sampler.Add(table.first_rows(), /*whole_rows=*/true);
  return std::move(sampler.sample());
}

absl::StatusOr<TableSample> SampleAll(const TableReader& table,
                                      const std::vector<std::filesystem::path>& files) {
  Sampler sampler(table.LayoutOfAll());
  if (table.total_bytes() > kSmallTableBytes) {
    sampler.Add(table.first_rows(), /*whole_rows=*/true);
    for (const std::filesystem::path& file : files) RETURN_IF_ERROR(sampler.AddPlaces(file));
    return std::move(sampler.sample());
  }
  sampler.sample().whole = true;
  ASSIGN_OR_RETURN(const std::unique_ptr<TableReader> all,
                   TableReader::Open(files, table.LayoutOfAll().format));
  RETURN_IF_ERROR(all->Select(table.columns()));
  TableBlock block;
  while (true) {
    ASSIGN_OR_RETURN(const bool found, all->Next(block));
    if (!found) return std::move(sampler.sample());
    sampler.Add(block.text, /*whole_rows=*/true);
  }
}

}  // namespace shortlist
