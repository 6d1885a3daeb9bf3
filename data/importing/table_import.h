// Turns tables of interactions, and of attributes where there are, into a data set of atomic files
// for LoadDataset, in one pass and in memory that does not grow with the tables.
//
//   TableImportOptions options;
//   options.interactions.files = {"events.csv.gz"};
//   ASSIGN_OR_RETURN(TableImport import, ImportTables(options, "datasets/shop"));
//
// What is declared of the columns goes into the set's DatasetSpec. Nothing is filtered here:
// LoadDataset does that, so that the declaration can be changed without importing anew.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "data/dataset_spec.h"
#include "data/importing/distinct_counter.h"
#include "data/importing/input/table_format.h"
#include "data/importing/output_columns.h"
#include "data/importing/table_sample.h"

namespace shortlist {

struct TableSource {
  std::vector<std::filesystem::path> files;  // Folders of parts, too; "-" is standard input.
  TableFormat format;
};

// Of attributes; no files: there are none.
struct AttributeSource : TableSource {
  std::string id;                    // The column of ids; empty: recognised.
  std::vector<std::string> columns;  // To keep; empty: all that can be attributes.
};

struct TableImportOptions {
  TableSource interactions;
  AttributeSource items, users;
  DatasetSpec spec;                   // With the names of the tables' columns.
  std::vector<std::string> contexts;  // Further columns of the interactions to keep.
  // Columns in `spec` of which it is an error if no table has them.
  std::vector<std::string> needed;
  bool impressions = false;  // See OutputColumns.
  bool skip_bad_rows = false;
  bool force = false;  // Replace a data set that is there already.
};

// What a table was taken for.
struct TableReading {
  std::string path;
  std::string role;  // "interactions", "items" or "users".
  TableSample sample;
  OutputColumns output;
};

// Looked at, but nothing written.
struct TablePlan {
  std::vector<TableReading> tables;  // The interactions first.
  DatasetSpec spec;                  // With the names of the data set's columns.
};

struct TableImport {
  TablePlan plan;
  DistinctCounter users, items;  // In the interactions.
  uint64_t interactions = 0;
  uint64_t bad_rows = 0;
};

// What would be made of the tables, by the whole of small ones and places all over large ones.
absl::StatusOr<TablePlan> PlanTables(const TableImportOptions& options);

// The data set appears in `out` only when all of it is written; its files are named after that
// folder. Errors name file, line and reason.
absl::StatusOr<TableImport> ImportTables(const TableImportOptions& options,
                                         const std::filesystem::path& out);

}  // namespace shortlist
