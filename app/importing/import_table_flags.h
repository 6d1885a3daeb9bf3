// The flags of `shortlist import table`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/command_line.h"
#include "data/importing/table_import.h"

namespace shortlist {

struct ImportTableFlags {
  std::vector<std::string> files;
  std::filesystem::path out;
  bool dry_run = false;
  bool skip_bad_rows = false;
  bool force = false;
  std::string preset;
  std::filesystem::path spec;
  std::vector<std::string> items, users;
  std::string item_id, user_id;
  std::vector<std::string> item_columns, user_columns;
  // Those of the interactions.
  std::string user, item, time, rating, label, type, time_unit;
  std::vector<std::string> positive, negative, ranges, missing, separators, contexts;
  std::string duplicates;
  uint32_t min_user = 0;
  uint32_t min_item = 0;
  // How tables are written down.
  std::string delimiter;
  std::vector<std::string> columns;
  bool no_quotes = false;
  bool latin1 = false;
};

void AddImportTableFlags(Command& command, ImportTableFlags& flags);

// What the flags ask for: what the preset says, over it what the file of --spec says, over that the
// other flags.
absl::StatusOr<TableImportOptions> ReadImportTableFlags(const ImportTableFlags& flags);

}  // namespace shortlist
