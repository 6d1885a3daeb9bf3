// The attributes in an .item or .user file.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "data/attributes/attribute_columns.h"
#include "data/dataset_spec.h"
#include "data/interner.h"
#include "data/load_notes.h"
#include "data/tables/atomic_file.h"
#include "data/tables/bad_rows.h"

namespace shortlist {

// The file's columns but the id's, by number of the id in `ids`; ids that are new get the next
// numbers. `kind` is "item" or "user". Types are those that `spec` declares, otherwise the header.
// The result has views into `file`. The first column of lists of numbers of a kind "item" is one of
// vectors. `notes` gets which columns are ignored.
absl::StatusOr<std::vector<AttributeColumn>> ReadAttributeTable(const AtomicFile& file,
                                                                const std::string& kind,
                                                                const DatasetSpec& spec,
                                                                Interner& ids, BadRows& bad_rows,
                                                                LoadNotes& notes);

}  // namespace shortlist
