// The rows of one or more .inter files, in their order, as numbers.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "data/dataset_spec.h"
#include "data/interactions/interaction_worth.h"
#include "data/interactions/sequence_rows.h"
#include "data/interactions/time_column.h"
#include "data/interner.h"
#include "data/load_notes.h"
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
  std::vector<float> ratings;  // NaN where there is none.
  std::vector<float>
      worths;        // Read off cells or derived from the ratings. Empty: every row's is 1.
  TimeColumn times;  // Not known where there is no column of times.
  std::vector<ContextColumn> contexts;

  bool has_times = false;  // Whether every file has a column of times.
  // Names of the columns; empty where there is none.
  std::string time_column, rating_column, type_column;
  InteractionWorth worth{{}};
  // How often each kind of interaction comes, where a column has them and no rule uses it.
  Interner types;
  std::vector<uint64_t> type_counts;
  SequenceRows sequences;
  // Rows that are out of lists of sequences, ascending: history, in training whatever the file.
  std::vector<uint32_t> listed;
  // By row: whether its file is one of sequences, so that the rows' order says what came first.
  std::vector<bool> in_sequence;
  uint64_t out_of_range = 0;  // Rows left out: a number is outside of what the spec allows.
};

// Appends the rows of a file. Numbers users and items in the order of first appearance. Columns
// that are of no use are noted. The table has views into `file` and, before its first file, the
// rules of worth. A file without rows is an error, and so is one whose times, ratings or types are
// in a column of another name than in the files before.
absl::Status ReadInteractions(const AtomicFile& file, const DatasetSpec& spec, Interner& users,
                              Interner& items, BadRows& bad_rows, LoadNotes& notes,
                              InteractionTable& table);

}  // namespace shortlist
