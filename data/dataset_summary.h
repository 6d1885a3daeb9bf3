// What became of a data set's rows, for people: counted when it is loaded.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "data/leakage.h"
#include "data/load_notes.h"

namespace shortlist {

struct DatasetSummary {
  uint64_t rows = 0;  // Of interactions, as far as they could be read.
  // Left out, and why.
  uint64_t bad_rows = 0;          // Malformed, of all files, where these are skipped.
  uint64_t out_of_range = 0;      // Beyond the spec's min and max.
  uint64_t worth_nothing = 0;     // Worth 0.
  uint64_t later_or_earlier = 0;  // Of several with one item, where the spec wants one.
  uint64_t rare = 0;              // Of users or items that the spec's k-core leaves out.
  uint64_t rare_users = 0, rare_items = 0;
  uint64_t test_refused = 0;  // Refused ones in the test file of a fixed split.

  uint64_t interactions = 0;   // Worth more than 0: Dataset::interactions. Of these:
  uint64_t repeats = 0;        // With an item that the user has an earlier one with.
  uint64_t unknown_times = 0;  // In a data set with times.
  uint64_t refused = 0;        // Worth less than 0: Dataset::refused.

  uint64_t users = 0;             // With interactions. Of these:
  uint64_t users_below_3 = 0;     // With one or two.
  uint64_t users_of_repeats = 0;  // With three or more, all with one item.

  std::string time;   // What the times are: "timestamp, seconds".
  std::string worth;  // What says what interactions are worth.

  LoadNotes notes;  // Of columns and what they were taken for.
  std::vector<LeakageSuspicion> leakage;
};

// Rows left out and why, as far as there are any: {300, "worth nothing"}.
std::vector<std::pair<uint64_t, std::string>> RowsLeftOut(const DatasetSummary& summary);

// One line for each thing that there is to say.
std::vector<std::string> Describe(const DatasetSummary& summary);

}  // namespace shortlist
