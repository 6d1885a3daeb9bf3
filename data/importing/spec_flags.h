// What flags say of a data set's columns, in the words of DatasetSpec.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "data/dataset_spec.h"

namespace shortlist {

// Each adds to what is said of a column:
absl::Status AddRange(std::string_view text, DatasetSpec& spec);      // "rating=1..5"
absl::Status AddMissing(std::string_view text, DatasetSpec& spec);    // "rating=-1"
absl::Status AddSeparator(std::string_view text, DatasetSpec& spec);  // "genre=|"

// The entry for a column, made where there is none.
ColumnSpec& ColumnNamed(std::string_view name, DatasetSpec& spec);

// What `over` says of a column takes the place of what `column` says; cells that mean nothing are
// those of both.
void OverlayColumn(const ColumnSpec& over, ColumnSpec& column);

// `spec` with what `over` says in its place.
DatasetSpec Overlay(DatasetSpec spec, const DatasetSpec& over);

}  // namespace shortlist
