// The attributes in an .item or .user file.
#pragma once

#include <cstdint>
#include <limits>
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
// vectors. `notes` gets which columns are ignored; `ids_by_row`, where it is not null, by row of
// the file the number of its id, kBadRow of those that are left out.
inline constexpr uint32_t kBadRow = std::numeric_limits<uint32_t>::max();
absl::StatusOr<std::vector<AttributeColumn>> ReadAttributeTable(
    const AtomicFile& file, const std::string& kind, const DatasetSpec& spec, Interner& ids,
    BadRows& bad_rows, LoadNotes& notes, std::vector<uint32_t>* ids_by_row = nullptr);

}  // namespace shortlist
