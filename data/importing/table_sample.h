// What the columns of a table hold, by a sample of its rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "data/importing/input/table_reader.h"

namespace shortlist {

struct ColumnSample {
  std::string name;
  uint64_t missing = 0;        // Cells that are empty or say that there is nothing.
  uint64_t numbers = 0;        // The rest: cells that are numbers,
  uint64_t leading_zeros = 0;  // those of them that begin as codes do, such as 007,
  uint64_t dates = 0;          // cells that are dates as text,
  uint64_t texts = 0;          // and others.
  uint64_t bytes = 0;
  uint64_t with_bars = 0;             // Cells with a "|" in them,
  uint64_t with_commas = 0;           // with a ",".
  bool arrays = false;                // There are arrays among them (JSON).
  std::vector<std::string> examples;  // The first few different ones.

  uint64_t filled() const { return numbers + dates + texts; }
  // All are, and none is a code.
  bool AreNumbers() const { return numbers > 0 && numbers == filled() && leading_zeros == 0; }
};

struct TableSample {
  std::vector<ColumnSample> columns;  // In the table's order.
  uint64_t rows = 0;                  // That could be read,
  uint64_t bad_rows = 0;              // and that could not.
  std::string first_error;            // Why the first of them could not.
  bool whole = false;                 // All rows of the table are in it.
};

// Of the rows that the table begins with, about a megabyte.
TableSample SampleBeginning(const TableReader& table);

// Of the whole table if it is small, otherwise of its beginning and of places spread evenly over
// its files, of packed ones of their beginnings only. `files` are those of `table`.
absl::StatusOr<TableSample> SampleAll(const TableReader& table,
                                      const std::vector<std::filesystem::path>& files);

}  // namespace shortlist
