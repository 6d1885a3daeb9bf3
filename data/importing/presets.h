// How well-known data sets are laid out, so that nobody has to say it.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "data/importing/table_import.h"

namespace shortlist {

struct ImportPreset {
  std::string_view name;
  std::string_view data;    // For people.
  std::string_view source;  // Who publishes it and says how it is laid out.
  // What the files are called that a folder of the data holds: the first that is there counts, also
  // packed, as NAME.gz or NAME.zst. A * stands for anything.
  std::vector<std::string_view> interaction_files, item_files, user_files;
  // All but the files, which the user gives.
  TableImportOptions options;
};

std::span<const ImportPreset> ImportPresets();

// An error that lists the names where there is none of that name.
absl::StatusOr<const ImportPreset*> FindPreset(std::string_view name);

// The preset's options with the files that it finds in a folder: those of interactions must be
// there.
absl::StatusOr<TableImportOptions> FilesOfPreset(const ImportPreset& preset,
                                                 const std::filesystem::path& folder);

}  // namespace shortlist
