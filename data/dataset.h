// A data set in memory: users, items and what the ones did to the others. Read from RecBole's
// atomic files (NAME.inter, NAME.item, NAME.user in a folder NAME).
//
//   ASSIGN_OR_RETURN(Dataset dataset, LoadDataset("datasets/movielens", {}));
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "data/attribute_codes.h"
#include "features/catalog.h"

namespace shortlist {

struct DatasetInteraction {
  uint32_t user;    // Row of Dataset::user_ids.
  ItemRow item;     // Row of Dataset::items.
  int64_t time_ms;  // Milliseconds since the Unix epoch where the data has Unix times, otherwise
                    // the data's own order times 1000.
  float value;      // The rating; 0 where there is none.
};

// An item's attribute codes.
std::span<const uint32_t> CodesOf(const CatalogData& items, ItemRow item);

// Where a fixed split has put an interaction.
enum class DatasetPart : uint8_t { kTrain, kValid, kTest };

struct Dataset {
  std::string name;
  // Items: ids, titles, schema, codes, numbers and interaction counts. data/attributes/ has
  // the rules.
  CatalogData items;
  std::vector<std::string> user_ids;
  AttributeCodes user_attributes;  // By user row.
  // One list per numeric field of user_attributes, in their order: the number by user row, NaN
  // where there is none.
  std::vector<std::vector<double>> user_numbers;
  // Sorted by user, then part, then time, then order in the file. Duplicates are kept.
  std::vector<DatasetInteraction> interactions;
  // By interaction, where LoadOptions::fixed_split asks for it; otherwise empty.
  std::vector<DatasetPart> parts;
  // Columns of type token in the .inter file beyond user, item, rating and time, by interaction.
  // Where times are Unix times the fields of features/context_time.h come first.
  AttributeCodes context_attributes;  // By interaction, in the order of `interactions`.
  bool has_unix_times = false;
  // Whether there is a column of times. Otherwise the order of the rows is all there is to go by
  // or, in a fixed split, nothing: there a user's interactions of one part are in a random order.
  bool has_times = false;
  // Rows left out because of LoadOptions::skip_bad_rows.
  uint64_t bad_rows = 0;
};

struct LoadOptions {
  bool skip_bad_rows = false;
  // Read NAME.train.inter, NAME.valid.inter (which may be missing) and NAME.test.inter in place of
  // NAME.inter.
  bool fixed_split = false;
};

// Files are named after the folder; otherwise its only .inter file names them. docs/formats.md has
// the rules for times, numbers and what is left out. Users and items are numbered in the order of
// their first interaction, then come those that only the .user and .item files know. Errors name
// file, line and reason.
absl::StatusOr<Dataset> LoadDataset(const std::filesystem::path& folder,
                                    const LoadOptions& options);

}  // namespace shortlist
