// The cells of an interaction as they go into a data set: checked, and as LoadDataset reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace shortlist {

// Whether a cell is a finite number in decimal notation.
bool IsNumber(std::string_view cell);

// Each appends what is to be written for a cell, or nothing for a missing one; an error where the
// cell is something else. `column` is what that calls it.
// Tabs and line ends have no place in an atomic file: ids with them are errors, as spaces in their
// place could make two ids one.
absl::Status AppendIdCell(std::string_view cell, std::string_view column, std::string& line);
// Booleans are 1 and 0.
absl::Status AppendNumberCell(std::string_view cell, std::string_view column, std::string& line);
// Numbers and dates are kept as they are, whatever their unit: see AppendDate.
absl::Status AppendTimeCell(std::string_view cell, std::string_view column, std::string& line);

}  // namespace shortlist
