// The rows of one or more .inter files, in their order, as numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "data/interactions/sequence_rows.h"
#include "data/interner.h"
#include "data/tables/atomic_file.h"
#include "data/tables/bad_rows.h"
#include "features/catalog.h"

namespace shortlist {

// A column that describes the context of the interactions, such as the device.
struct ContextColumn {
  static constexpr uint32_t kNoValue = UINT32_MAX;

  std::string name;
  Interner values;
  std::vector<uint32_t> positions;  // Of the row's value; kNoValue where the cell is empty.
};

struct InteractionTable {
  std::vector<uint32_t> users;
  std::vector<ItemRow> items;
  std::vector<float> values;  // Ratings; 0 where there are none.
  std::vector<double> times;  // As in the file; the number of the row where there are none.
  bool has_times = false;     // Whether every file has a column of times.
  std::vector<ContextColumn> contexts;
  SequenceRows sequences;
  // Rows that are out of lists of sequences, ascending: history, in training whatever the file.
  std::vector<uint32_t> listed;
};

// Appends the rows of a file. Numbers users and items in the order of first appearance. Columns
// that are of no use are logged. The table has views into `file`. A file without rows is an error.
absl::Status ReadInteractions(const AtomicFile& file, Interner& users, Interner& items,
                              BadRows& bad_rows, InteractionTable& table);

}  // namespace shortlist
