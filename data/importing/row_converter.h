// Turns the rows of a table into lines of an atomic file, on all threads, in the order of the rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "data/importing/input/table_reader.h"
#include "data/tables/atomic_file_writer.h"
#include "data/tables/bad_rows.h"

namespace shortlist {

// What becomes of a row. Used by one thread at a time.
class RowConverter {
 public:
  virtual ~RowConverter() = default;
  // Appends the lines to write for a row, or says why it is bad.
  virtual absl::Status Convert(std::span<const std::string_view> cells, std::string& lines) = 0;
  // Whether the cell may hold several values, an array of JSON.
  virtual bool MayBeArray(size_t) const { return false; }
};

// How many converters keep the threads of a pool busy.
size_t ConvertersFor(const WorkerPool& pool);

// Writes what the converters, which are the same, make of all rows of `table`, whose columns have
// been selected. Bad rows go to `bad_rows` as `path:line: reason`. Shows progress. Returns how many
// rows were good.
absl::StatusOr<uint64_t> ConvertRows(TableReader& table,
                                     std::span<const std::unique_ptr<RowConverter>> converters,
                                     WorkerPool& pool, BadRows& bad_rows, AtomicFileWriter& out);

}  // namespace shortlist
