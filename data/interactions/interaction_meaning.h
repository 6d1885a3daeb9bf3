// Settles when the rows of a table happened and what they are worth, once all of them are read, and
// says what it was taken from; what is in doubt is logged.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "data/dataset_spec.h"
#include "data/dataset_summary.h"
#include "data/interactions/interaction_table.h"
#include "data/tables/atomic_file.h"

namespace shortlist {

struct TimeReading {
  TimeUnit unit = TimeUnit::kRecognised;
  bool skip_unfit = false;  // Whether rows whose time fits no unit go instead of being an error.
  int64_t now_ms = 0;       // Milliseconds since the Unix epoch, to judge times by.
  bool has_parts = false;   // Whether the files are parts of a fixed split.
};

// Where rows go, sets `keep` to which rows stay. `files` are those that the table was read from;
// the error names file and line. Where no time is known there are none.
absl::Status RecogniseTimes(std::span<const AtomicFile> files, const TimeReading& reading,
                            InteractionTable& table, std::vector<bool>& keep,
                            DatasetSummary& summary);

// Derives what the rows are worth where their cells do not say it.
void RecogniseWorth(InteractionTable& table, DatasetSummary& summary);

}  // namespace shortlist
