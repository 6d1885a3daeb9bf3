// Rows of a table as rows of an atomic file with the columns that were chosen of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "data/importing/distinct_counter.h"
#include "data/importing/output_columns.h"
#include "data/importing/row_converter.h"

namespace shortlist {

struct DoubtfulIds {
  uint64_t count = 0;
  std::string column, example;  // Of the first of them.

  void Add(const DoubtfulIds& others);
};

class ColumnConverter final : public RowConverter {
 public:
  // `output` must outlive it.
  explicit ColumnConverter(const OutputColumns& output) : output_(output) {}

  // `cells` are those of SourceColumns.
  absl::Status Convert(std::span<const std::string_view> cells, std::string& lines) override;
  bool MayBeArray(size_t cell) const override;

  // Different ids in the first column and in the second, if that holds ids.
  const DistinctCounter& first_ids() const { return first_ids_; }
  const DistinctCounter& second_ids() const { return second_ids_; }
  uint64_t lines() const { return lines_; }
  // Ids that may mean that there is none, such as NULL and NA.
  const DoubtfulIds& doubtful_ids() const { return doubtful_ids_; }

 private:
  // One line; nothing is left of it if it is bad.
  absl::Status AddLine(std::span<const std::string_view> cells, std::string& lines);
  void NoteDoubtful(std::string_view id, const OutputColumn& column);
  absl::Status AppendCells(std::span<const std::string_view> cells, std::string& lines) const;

  const OutputColumns& output_;
  std::vector<std::string_view> impression_cells_;
  DistinctCounter first_ids_, second_ids_;
  DoubtfulIds doubtful_ids_;
  uint64_t lines_ = 0;
};

// The table's columns that are needed, in the order of the output.
std::vector<std::string> SourceColumns(const OutputColumns& output);

// The header of the atomic file.
std::vector<std::string> HeaderOf(const OutputColumns& output);

}  // namespace shortlist
