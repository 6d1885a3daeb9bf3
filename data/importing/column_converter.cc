#include "data/importing/column_converter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "data/importing/impressions.h"
#include "data/importing/interaction_cells.h"
#include "data/tables/atomic_file_writer.h"
#include "data/tables/no_value.h"

namespace shortlist {
namespace {

constexpr size_t kItemCell = 1;

// Whether the cell is in place of an id, a number or a time, and declared to say nothing. Numbers
// that are declared so are kept in place of numbers: that is LoadDataset's business.
bool IsDeclaredMissing(std::string_view cell, const OutputColumn& column) {
  if (column.missing.empty() || column.kind == CellKind::kText ||
      column.kind == CellKind::kAttributeNumber)
    return false;
  return std::find(column.missing.begin(), column.missing.end(), cell) != column.missing.end() &&
         (column.kind == CellKind::kId || !IsNumber(cell));
}

}  // namespace

void DoubtfulIds::Add(const DoubtfulIds& others) {
  if (count == 0) {
    column = others.column;
    example = others.example;
  }
  count += others.count;
}

bool ColumnConverter::MayBeArray(size_t cell) const {
  return output_.columns[cell].kind == CellKind::kText;
}

absl::Status ColumnConverter::Convert(std::span<const std::string_view> cells, std::string& lines) {
  const size_t begin = lines.size();
  const uint64_t lines_before = lines_;
  absl::Status status;
  if (!output_.impressions) {
    status = AddLine(cells, lines);
  } else {
    // Those of one impression: its item, and its label at the end.
    impression_cells_.assign(cells.begin(), cells.end());
    impression_cells_.emplace_back();
    status =
        ForEachImpression(cells[kItemCell], [&](std::string_view item, std::string_view label) {
          impression_cells_[kItemCell] = item;
          impression_cells_.back() = label;
          return AddLine(impression_cells_, lines);
        });
  }
  if (!status.ok()) {
    lines.resize(begin);
    lines_ = lines_before;
  }
  return status;
}

absl::Status ColumnConverter::AddLine(std::span<const std::string_view> cells, std::string& lines) {
  RETURN_IF_ERROR(AppendCells(cells, lines));
  lines.back() = '\n';
  ++lines_;
  first_ids_.Add(cells[0]);
  NoteDoubtful(cells[0], output_.columns[0]);
  if (output_.columns.size() > 1 && output_.columns[1].kind == CellKind::kId) {
    second_ids_.Add(cells[1]);
    NoteDoubtful(cells[1], output_.columns[1]);
  }
  return absl::OkStatus();
}

void ColumnConverter::NoteDoubtful(std::string_view id, const OutputColumn& column) {
  if (MeansNoValue(id)) doubtful_ids_.Add({1, column.source, std::string(id)});
}

absl::Status ColumnConverter::AppendCells(std::span<const std::string_view> cells,
                                          std::string& lines) const {
  for (size_t c = 0; c < cells.size(); ++c) {
    const OutputColumn& column = output_.columns[c];
    const bool is_missing = IsDeclaredMissing(cells[c], column);
    if (is_missing && column.kind != CellKind::kId) {
      lines += '\t';
      continue;
    }
    switch (column.kind) {
      case CellKind::kId:
        RETURN_IF_ERROR(AppendIdCell(is_missing ? "" : cells[c], column.source, lines));
        break;
      case CellKind::kNumber:
        RETURN_IF_ERROR(AppendNumberCell(cells[c], column.source, lines));
        break;
      case CellKind::kTime:
        RETURN_IF_ERROR(AppendTimeCell(cells[c], column.source, lines));
        break;
      case CellKind::kAttributeNumber:
        if (!MeansNoValue(cells[c])) AppendAtomicCell(cells[c], lines);
        break;
      case CellKind::kText:
        AppendAtomicCell(cells[c], lines);
        break;
    }
    lines += '\t';
  }
  return absl::OkStatus();
}

std::vector<std::string> SourceColumns(const OutputColumns& output) {
  std::vector<std::string> columns;
  for (const OutputColumn& column : output.columns)
    if (!column.source.empty()) columns.push_back(column.source);
  return columns;
}

std::vector<std::string> HeaderOf(const OutputColumns& output) {
  std::vector<std::string> header;
  for (const OutputColumn& column : output.columns)
    header.push_back(absl::StrCat(column.name, ":", std::string(column.type)));
  return header;
}

}  // namespace shortlist
