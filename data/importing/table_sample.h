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
  uint64_t texts = 0;          // others, of which some
  uint64_t booleans = 0;       // are True or False,
  uint64_t arrays = 0;         // or arrays (JSON),
  uint64_t objects = 0;        // and objects (JSON), which are no values.
  uint64_t empty = 0;          // Of the missing: those without a word.
  uint64_t bytes = 0;
  // The first few thousand short cells that may hold several values: with a space or | ; or ,.
  std::vector<std::string> cells;
  std::vector<std::string> examples;  // The first few different ones of all.

  uint64_t filled() const { return numbers + dates + texts; }
  // All are, and none is a code.
  bool AreNumbers() const { return numbers > 0 && numbers == filled() && leading_zeros == 0; }
};

struct TableSample {
  std::vector<ColumnSample> columns;  // In the table's order; keys of JSON as they are met.
  uint64_t rows = 0;                  // That could be read,
  uint64_t bad_rows = 0;              // and that could not.
  std::string first_error;            // Why the first of them could not.
  bool whole = false;                 // All rows of the table are in it.
};

// Of the rows that a table begins with, about a megabyte: for what can be read only once. Selects
// columns of the table.
TableSample SampleBeginning(TableReader& table);

// Of the first 16 MiB of a table, which is all of a small one. Where the files are larger than that
// already, of the beginnings of up to 16 of them and of places spread evenly over those that are
// not packed.
absl::StatusOr<TableSample> SampleAll(const std::vector<std::filesystem::path>& files,
                                      const TableFormat& format);

}  // namespace shortlist
