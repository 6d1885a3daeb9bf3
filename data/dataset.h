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
#include "data/dataset_spec.h"
#include "data/dataset_summary.h"
#include "features/catalog.h"

namespace shortlist {

// The time of an interaction whose time is not known.
inline constexpr int64_t kUnknownTime = 0;

struct DatasetInteraction {
  uint32_t user;    // Row of Dataset::user_ids.
  ItemRow item;     // Row of Dataset::items.
  int64_t time_ms;  // Milliseconds since the Unix epoch where the data has Unix times, otherwise
                    // the data's own order times 1000; or kUnknownTime.
  float value;      // The rating; 0 where there is none.
  float worth = 1;  // data/dataset_spec.h; never 0.
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
  // Those worth more than 0: what models learn from and are measured on. Sorted by user, then part,
  // then time: data/interactions/interaction_order.h.
  std::vector<DatasetInteraction> interactions;
  // Those worth less than 0, such as what was shown and not taken; sorted like the others. Not
  // those of a fixed split's test.
  std::vector<DatasetInteraction> refused;
  // By interaction, where LoadOptions::fixed_split asks for it; otherwise empty.
  std::vector<DatasetPart> parts;
  // Columns of type token in the .inter file beyond those that say what happened, by interaction.
  // Where times are Unix times the fields of features/context_time.h come first, in the time zone
  // of the user's attribute; an interaction at a time that is not known has none of these.
  AttributeCodes context_attributes;  // By interaction, in the order of `interactions`.
  bool has_unix_times = false;
  // Whether there is a column of times. Otherwise the order of a user's rows is all there is to go
  // by or, in a fixed split, nothing: there a user's interactions of one part are in a random
  // order.
  bool has_times = false;
  DatasetSummary summary;
};

struct LoadOptions {
  bool skip_bad_rows = false;
  // Read NAME.train.inter, NAME.valid.inter (which may be missing) and NAME.test.inter in place of
  // NAME.inter.
  bool fixed_split = false;
  // What interactions are worth, in place of what NAME.spec.txtpb says, if any are given.
  std::vector<WorthRule> worth;
  // Now, in milliseconds since the Unix epoch, to judge times by; 0: as the clock has it.
  int64_t now_ms = 0;
};

// Files are named after the folder; otherwise its only .inter file names them. docs/formats.md has
// the rules for times, numbers and what is left out; what was taken for what is logged. Users,
// items and values of context attributes are numbered by their bytes: the order of the files' rows
// is of no account, but that of a user's own rows where there are no times. Errors name file, line
// and reason.
absl::StatusOr<Dataset> LoadDataset(const std::filesystem::path& folder,
                                    const LoadOptions& options);

}  // namespace shortlist
